<?php

// What a browser has begun, in a cookie of its own. The nonce that goes to the server follows from it, and not the other way
// round: who has seen addresses does not know the cookie. It is signed, so nobody can make one that connects an account.

namespace AmazonAuth;

/** Longer than a login may take at the server (10 minutes). */
const BEGUN_SECONDS = 900;
const MAX_REDIRECT_BYTES = 1000;

/**
 * @param int    $user_id     Whom an Amazon account is to be connected to; 0: nobody, it is a sign-in.
 * @param string $redirect_to Where to end; may be empty.
 * @return string The nonce.
 */
function begin(int $user_id, string $redirect_to): string
{
    $before = find_begun();
    // The same one for two tabs, so that both may come back.
    $secret = $before !== null && $before['user_id'] === $user_id ? $before['secret'] : bin2hex(random_bytes(32));
    $to = strlen($redirect_to) <= MAX_REDIRECT_BYTES ? $redirect_to : '';
    $text = implode('.', [$secret, $user_id, time() + BEGUN_SECONDS, bin2hex($to)]);
    set_begun_cookie($text . '.' . sign_begun($text), time() + BEGUN_SECONDS);
    return nonce_of($secret);
}

/** @return array{secret: string, nonce: string, user_id: int, redirect_to: string}|null */
function find_begun(): ?array
{
    $cookie = $_COOKIE[begun_cookie_name()] ?? null;
    if (!is_string($cookie) || !preg_match('/^(([0-9a-f]{64})\.(\d+)\.(\d+)\.((?:[0-9a-f]{2})*))\.([0-9a-f]{64})$/D', $cookie, $parts)) {
        return null;
    }
    [, $text, $secret, $user_id, $expires, $to, $signature] = $parts;
    if (!hash_equals(sign_begun($text), $signature) || (int) $expires <= time()) {
        return null;
    }
    return ['secret' => $secret, 'nonce' => nonce_of($secret), 'user_id' => (int) $user_id, 'redirect_to' => (string) hex2bin($to)];
}

function end_begun(): void
{
    set_begun_cookie('', 1);
}

function nonce_of(string $secret): string
{
    return hash('sha256', $secret);
}

function sign_begun(string $text): string
{
    return hash_hmac('sha256', "amazon-auth $text", wp_salt('nonce'));
}

/** With `__Host-` no other host of the same domain can set it. Sites in folders of one host have one each. */
function begun_cookie_name(): string
{
    return (is_ssl() ? '__Host-' : '') . 'amazon-auth-begun-' . COOKIEHASH;
}

function set_begun_cookie(string $value, int $expires): void
{
    // Lax: the browser sends it when it is sent back from the server.
    $flags = ['expires' => $expires, 'path' => '/', 'secure' => is_ssl(), 'httponly' => true, 'samesite' => 'Lax'];
    setcookie(begun_cookie_name(), $value, $flags);
}
