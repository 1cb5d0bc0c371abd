<?php

namespace AmazonAuth;

/** Of users: the identifier of their Amazon account, `az:amzn1.account.…`. */
const META_KEY = 'amazon_auth_identifier';
const MAX_NAME_CHARACTERS = 100;
/** As many as the column of WordPress holds. */
const MAX_EMAIL_CHARACTERS = 100;

/**
 * The WordPress user of a person, made at the first sign-in.
 *
 * Found by identifier alone. An email proves nothing: Amazon does not say whether it is the person's own.
 *
 * @throws Refused `email_taken`, `closed`, `setup`
 */
function find_or_create_user(array $person): \WP_User
{
    return locked(function () use ($person) {
        return find_user($person['identifier']) ?? create_user($person);
    });
}

/** @throws Refused `setup`: several have that identifier. */
function find_user(string $identifier): ?\WP_User
{
    $alike = get_users(['blog_id' => 0, 'meta_key' => META_KEY, 'meta_value' => $identifier, 'count_total' => false]);
    // The database does not tell capital letters from small ones; Amazon does.
    $found = array_values(array_filter($alike, function ($user) use ($identifier) {
        return get_user_meta($user->ID, META_KEY, true) === $identifier;
    }));
    if (count($found) > 1) {
        throw new Refused('setup');
    }
    return $found[0] ?? null;
}

function create_user(array $person): \WP_User
{
    $role = role_of_new_users();
    if ($role === null) {
        throw new Refused('closed');
    }
    $email = mb_strlen($person['email']) <= MAX_EMAIL_CHARACTERS && is_email($person['email']) ? $person['email'] : '';
    if ($email !== '' && email_exists($email)) {
        throw new Refused('email_taken');
    }
    $name = mb_substr(sanitize_text_field($person['name']), 0, MAX_NAME_CHARACTERS);
    $login = free_login($name);
    $id = wp_insert_user([
        'user_login' => $login,
        'user_pass' => wp_generate_password(64, true, true),
        'user_email' => $email,
        'display_name' => $name === '' ? $login : $name,
        'nickname' => $name === '' ? $login : $name,
        'role' => $role,
    ]);
    if (is_wp_error($id)) {
        error_log('Sign in with Amazon: the user cannot be made: ' . $id->get_error_message());
        throw new Refused('setup');
    }
    $user = new \WP_User($id);
    // What the database does not take, WordPress tells by the number of something else, or none.
    if ($user->ID === 0 || $user->user_login !== $login) {
        error_log('Sign in with Amazon: the user cannot be made: the database does not take it.');
        throw new Refused('setup');
    }
    update_user_meta($user->ID, META_KEY, $person['identifier']);
    return $user;
}

/** `ada-lindqvist`, `ada-lindqvist-2`, …; `amazon-user` where the name has no letters that a login may have. */
function free_login(string $name): string
{
    $base = mb_substr(sanitize_user(sanitize_title(remove_accents($name)), true), 0, 40);
    $reserved = array_map('strtolower', (array) apply_filters('illegal_user_logins', ['admin', 'administrator', 'root']));
    // Percent signs: letters that are written with none of A to Z.
    if ($base === '' || strpos($base, '%') !== false || !preg_match('/[a-z]/', $base) || in_array($base, $reserved, true)) {
        $base = 'amazon-user';
    }
    $login = $base;
    for ($number = 2; username_exists($login); $number += 1) {
        // After some, any: who has a common name waits for no thousand questions.
        $login = $base . '-' . ($number < 10 ? $number : bin2hex(random_bytes(4)));
    }
    return $login;
}

/**
 * Connects an Amazon account to a user who is signed in.
 *
 * @throws Refused `expired` (somebody else is signed in by now), `connected_elsewhere`
 */
function connect_user(int $user_id, array $person): \WP_User
{
    if (get_current_user_id() !== $user_id) {
        throw new Refused('expired');
    }
    return locked(function () use ($user_id, $person) {
        $other = find_user($person['identifier']);
        if ($other !== null && $other->ID !== $user_id) {
            throw new Refused('connected_elsewhere');
        }
        update_user_meta($user_id, META_KEY, $person['identifier']);
        return new \WP_User($user_id);
    });
}

/** One at a time: WordPress itself lets two requests make the same user. */
function locked(callable $work)
{
    global $wpdb;
    $name = substr($wpdb->base_prefix . 'amazon_auth', 0, 64);
    $has_lock = $wpdb->get_var($wpdb->prepare('SELECT GET_LOCK(%s, 10)', $name));
    if ($has_lock === '0') {
        throw new Refused('unavailable');
    }
    try {
        return $work();
    } finally {
        $wpdb->query($wpdb->prepare('DO RELEASE_LOCK(%s)', $name));
    }
}
