<?php

namespace AmazonAuth;

/** What people are told, by code. */
function failure_texts(): array
{
    return [
        'denied' => __('Nobody was signed in: you have not agreed at Amazon.', 'amazon-auth'),
        'failed' => __('Signing in with Amazon did not work. Please try again.', 'amazon-auth'),
        'expired' => __('That took too long, or was begun in another browser. Please sign in once more.', 'amazon-auth'),
        'token' => __('Signing in with Amazon did not work. Please sign in once more.', 'amazon-auth'),
        'unavailable' => __('The sign-in server does not answer. Please try again in a moment.', 'amazon-auth'),
        'setup' => __('Signing in with Amazon is not set up correctly here. Please tell the owner of this site.', 'amazon-auth'),
        'closed' => __('There is no account here for your Amazon account, and new ones are not made. If you have a password here, sign in by it, then connect Amazon on your profile.', 'amazon-auth'),
        'email_taken' => __('There is an account with your email address already. Sign in by its password, then connect Amazon on your profile.', 'amazon-auth'),
        'connected_elsewhere' => __('That Amazon account is connected to another account of this site.', 'amazon-auth'),
        'held_back' => __('Your account may not sign in.', 'amazon-auth'),
    ];
}

/** Adds why a sign-in has failed to what the sign-in page says. */
function tell_failure(\WP_Error $errors): \WP_Error
{
    if (told_failure() !== '') {
        $errors->add('amazon_auth', esc_html(told_failure()));
    }
    return $errors;
}

/** By the code in the address, which may be anything; '': nothing to tell. */
function told_failure(): string
{
    $code = $_GET['amazon_auth'] ?? '';
    return is_string($code) ? (failure_texts()[$code] ?? '') : '';
}

/** On wp-login.php. */
function show_button(): void
{
    $to = $_REQUEST['redirect_to'] ?? '';
    $address = begin_address(is_string($to) && $to !== '' ? ['redirect_to' => rawurlencode(wp_unslash($to))] : []);
    echo '<p style="margin-bottom: 16px">' . button($address) . '</p>';
}

/** Amazon's own picture, as its rules want it; another by the filter `amazon_auth_button`. */
function button(string $address): string
{
    $picture = 'https://images-na.ssl-images-amazon.com/images/G/01/lwa/btnLWA_gold_195x46.png';
    $image = sprintf('<img src="%s" alt="%s" width="195" height="46">', esc_url($picture), esc_attr__('Login with Amazon', 'amazon-auth'));
    $link = sprintf('<a id="amazon-auth-button" href="%s">%s</a>', esc_url($address), $image);
    return (string) apply_filters('amazon_auth_button', $link, $address);
}

function begin_address(array $more = []): string
{
    return add_query_arg(['action' => 'amazon_auth'] + $more, site_url('wp-login.php', 'login'));
}

/** On a person's own profile. */
function show_connection(\WP_User $user): void
{
    echo '<h2 id="amazon-auth">Amazon</h2>';
    if (told_failure() !== '') {
        printf('<div class="notice notice-error inline"><p>%s</p></div>', esc_html(told_failure()));
    }
    if ((string) get_user_meta($user->ID, META_KEY, true) === '') {
        $wp_nonce = wp_create_nonce('amazon-auth-connect');
        printf('<p>%s</p><p>%s</p>', esc_html__('Sign in here with your Amazon account from now on:', 'amazon-auth'), button(begin_address(['connect' => '1', '_wpnonce' => $wp_nonce])));
        return;
    }
    printf(
        '<p>%s</p><p><label><input type="checkbox" name="amazon_auth_disconnect" value="1"> %s</label></p>',
        esc_html__('Your Amazon account signs you in here.', 'amazon-auth'),
        esc_html__('Disconnect it (set a password first)', 'amazon-auth')
    );
}

/** WordPress has checked by now that the form is the person's own. */
function disconnect_if_asked(int $user_id): void
{
    if (isset($_POST['amazon_auth_disconnect']) && $user_id === get_current_user_id()) {
        delete_user_meta($user_id, META_KEY);
    }
}
