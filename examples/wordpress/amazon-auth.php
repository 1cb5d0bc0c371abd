<?php
/**
 * Plugin Name: Sign in with Amazon
 * Description: Signs visitors in through a server that runs express-amazon-auth. Needs AMAZON_AUTH_URL and AMAZON_AUTH_APP in wp-config.php.
 * Version: 1.0.0
 * Requires at least: 5.6
 * Requires PHP: 7.4
 * License: MIT
 *
 * Copy this file and the folder beside it into wp-content/mu-plugins/. docs/wordpress.md says the rest.
 */

namespace AmazonAuth;

if (!defined('ABSPATH')) {
    exit;
}

foreach (['refused', 'settings', 'verify-token', 'ask-server', 'begun', 'users', 'pages', 'login'] as $file) {
    require_once __DIR__ . "/amazon-auth/$file.php";
}

if (setup_problem() === null) {
    // /wp-login.php?action=amazon_auth begins, and is where the server sends people back to.
    add_action('login_form_amazon_auth', __NAMESPACE__ . '\login');
    add_action('login_form', __NAMESPACE__ . '\show_button');
    add_filter('wp_login_errors', __NAMESPACE__ . '\tell_failure');
    add_action('show_user_profile', __NAMESPACE__ . '\show_connection');
    add_action('personal_options_update', __NAMESPACE__ . '\disconnect_if_asked');
} else {
    add_action('admin_notices', __NAMESPACE__ . '\show_setup_problem');
}
