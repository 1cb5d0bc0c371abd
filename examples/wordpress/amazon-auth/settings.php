<?php

namespace AmazonAuth;

/** Address of the server, without a slash at its end. */
function server_url(): string
{
    return defined('AMAZON_AUTH_URL') ? rtrim((string) constant('AMAZON_AUTH_URL'), '/') : '';
}

/** Name of the app, without `app:` before it. */
function app_name(): string
{
    return defined('AMAZON_AUTH_APP') ? (string) preg_replace('/^app:/', '', trim((string) constant('AMAZON_AUTH_APP'))) : '';
}

/** Role of those who are new here; null: nobody new comes in. Default: as Settings > General has it. */
function role_of_new_users(): ?string
{
    $role = defined('AMAZON_AUTH_ROLE') ? constant('AMAZON_AUTH_ROLE') : usual_role();
    return is_string($role) && get_role($role) !== null ? $role : null;
}

/** What WordPress itself gives to those who register; null: "Anyone can register" is off. Of a network, its own setting. */
function usual_role(): ?string
{
    return get_option('users_can_register') ? (string) get_option('default_role', 'subscriber') : null;
}

/** What keeps the plugin from working; null: nothing. */
function setup_problem(): ?string
{
    if (server_url() === '' || app_name() === '') {
        return 'AMAZON_AUTH_URL and AMAZON_AUTH_APP have to be defined in wp-config.php.';
    }
    // Whoever reads along could sign in as anybody.
    if (!preg_match('~^(https://|http://(localhost|127\.0\.0\.1)(:\d+)?(/|$))[^\s?#]*$~iD', server_url())) {
        return 'AMAZON_AUTH_URL has to be an https address (or http on this machine), without ? or #.';
    }
    return null;
}

function show_setup_problem(): void
{
    if (current_user_can('manage_options')) {
        printf('<div class="notice notice-error"><p>Sign in with Amazon: %s</p></div>', esc_html((string) setup_problem()));
    }
}
