<?php

namespace AmazonAuth;

/** The last leg's addresses at the server: `…?action=amazon_auth&jwt=id` and `…?action=amazon_auth&cause=?`. */
function login(): void
{
    nocache_headers();
    // Older WordPress says no more than that it is to be asked again.
    header('Cache-Control: no-store, private');
    header('Referrer-Policy: no-referrer');
    $token = $_GET['jwt'] ?? null;
    try {
        if ($token !== null) {
            finish(is_string($token) ? $token : '');
        } elseif (isset($_GET['cause'])) {
            // Whatever it says: an address is no place to take text from that a page shows.
            throw new Refused(wp_unslash($_GET['cause']) === 'Access denied.' ? 'denied' : 'failed');
        } else {
            begin_login();
        }
    } catch (Refused $refused) {
        refuse($refused->getMessage());
    }
    exit;
}

function begin_login(): void
{
    $user_id = isset($_GET['connect']) ? connecting_user() : 0;
    $to = $_GET['redirect_to'] ?? '';
    $nonce = begin($user_id, is_string($to) ? wp_unslash($to) : '');
    // The server is another host, and named by whoever wrote wp-config.php.
    wp_redirect(server_url() . '/amazon_auth?' . http_build_query(['state' => app_name(), 'nonce' => $nonce]));
}

/** @throws Refused `expired`: the link is not from the person's own page. */
function connecting_user(): int
{
    $wp_nonce = $_GET['_wpnonce'] ?? '';
    if (!is_user_logged_in() || !is_string($wp_nonce) || !wp_verify_nonce($wp_nonce, 'amazon-auth-connect')) {
        throw new Refused('expired');
    }
    return get_current_user_id();
}

function finish(string $token): void
{
    $begun = find_begun();
    if ($begun === null && is_user_logged_in()) {
        // The second of two tabs.
        go_on(wp_get_current_user(), '');
        return;
    }
    $person = verify_token($token, $begun['nonce'] ?? '', app_name(), __NAMESPACE__ . '\ask_server');
    if ($begun['user_id'] !== 0) {
        connect_user($begun['user_id'], $person);
        end_begun();
        wp_safe_redirect(admin_url('profile.php#amazon-auth'));
        return;
    }
    $user = find_or_create_user($person);
    sign_in($user);
    end_begun();
    go_on($user, $begun['redirect_to']);
}

/** As WordPress does after a password; what other plugins have to say is heard. @throws Refused `held_back` */
function sign_in(\WP_User $user): void
{
    $allowed = apply_filters('wp_authenticate_user', wp_authenticate_spam_check($user), '');
    if (!$allowed instanceof \WP_User) {
        throw new Refused('held_back');
    }
    if (is_multisite() && !is_user_member_of_blog($user->ID) && role_of_new_users() !== null) {
        add_user_to_blog(get_current_blog_id(), $user->ID, role_of_new_users());
    }
    wp_set_current_user($user->ID);
    wp_set_auth_cookie($user->ID, false, is_ssl());
    do_action('wp_login', $user->user_login, $user);
}

function go_on(\WP_User $user, string $asked): void
{
    $usual = $user->has_cap('edit_posts') ? admin_url() : ($user->has_cap('read') ? admin_url('profile.php') : home_url('/'));
    $to = apply_filters('login_redirect', $asked === '' ? $usual : $asked, $asked, $user);
    // Anywhere else than to this site: the usual place.
    wp_safe_redirect(wp_validate_redirect($to, $usual));
}

function refuse(string $code): void
{
    if ($code === 'token' || $code === 'expired') {
        // Plugins that count failed passwords count these, too.
        do_action('wp_login_failed', 'amazon', new \WP_Error('amazon_auth', $code));
    }
    // Whoever is signed in is not shown the sign-in page.
    $page = is_user_logged_in() ? admin_url('profile.php') : wp_login_url();
    wp_safe_redirect(add_query_arg('amazon_auth', $code, $page) . '#amazon-auth');
}
