<?php

// Nothing of WordPress in here: it may be used, and is tested, without.

namespace AmazonAuth;

/** How far the clock of the server may be from ours. */
const LEEWAY_SECONDS = 10;
/** More than any ID token has. */
const MAX_TOKEN_BYTES = 4096;
/** Longest identifier that is taken. */
const MAX_IDENTIFIER_BYTES = 512;

/**
 * Whom an ID token names, once it is proven.
 *
 * Its key is the server's: the app's secret and one of the user's. So the server proves the signature, and takes the token
 * for the only time that it is good for. Before that nothing of it is believed; what is checked here first keeps tokens of others,
 * and other people's tokens, from even being asked about.
 *
 * @param string   $token Out of the address.
 * @param string   $nonce What this very browser has begun with, so that nobody can send it here with a token of his own.
 * @param string   $app   Name of the app.
 * @param callable $ask   Takes the token to `POST /jwt_auth`; gives `[status, body]`, status 0 when there was no answer.
 * @return array{id: string, identifier: string, email: string, name: string} Email and name may be empty.
 * @throws Refused `token`, `expired`, `unavailable`, `setup`
 */
function verify_token(string $token, string $nonce, string $app, callable $ask, ?int $now = null): array
{
    $claims = read_claims($token);
    if ($nonce === '' || !hash_equals($nonce, $claims['nonce'])) {
        throw new Refused('expired');
    }
    if ($claims['appid'] !== "app:$app") {
        throw new Refused('setup');
    }
    $now = $now ?? time();
    if ($claims['exp'] <= $now - LEEWAY_SECONDS || $claims['nbf'] > $now + LEEWAY_SECONDS) {
        throw new Refused('expired');
    }
    [$status, $body] = $ask($token);
    $user = read_user($status, $body);
    // The server has proven the token, so these are its own words, twice.
    if ($user['id'] !== $claims['sub'] || $user['appid'] !== $app) {
        throw new Refused('token');
    }
    // Where Amazon tells no email, the server makes one up, which is nobody's.
    $has_email = $user['email'] !== $user['id'] . '@amazon.com';
    return ['email' => $has_email ? $user['email'] : ''] + $user;
}

/** @throws Refused `token`: no ID token by its form. */
function read_claims(string $token): array
{
    if (strlen($token) > MAX_TOKEN_BYTES || !preg_match('/^([\w-]+)\.([\w-]+)\.[\w-]+$/D', $token, $parts)) {
        throw new Refused('token');
    }
    $header = read_json_part($parts[1]);
    $claims = read_json_part($parts[2]) + ['nonce' => '', 'nbf' => 0];
    $is_id_token = ($header['alg'] ?? '') === 'HS256' && ($header['typ'] ?? '') === 'id+jwt';
    $has_texts = is_string($claims['nonce']) && is_string($claims['appid'] ?? null) && is_string($claims['sub'] ?? null);
    if (!$is_id_token || !$has_texts || !is_int($claims['exp'] ?? null) || !is_int($claims['nbf'])) {
        throw new Refused('token');
    }
    return $claims;
}

function read_json_part(string $part): array
{
    $json = base64_decode(strtr($part, '-_', '+/'), true);
    $read = is_string($json) ? json_decode($json, true, 8) : null;
    return is_array($read) ? $read : [];
}

/** @throws Refused `token` (refused, or used before), `unavailable`, `setup` */
function read_user(int $status, string $body): array
{
    if ($status === 0 || $status === 429 || $status >= 500) {
        throw new Refused('unavailable');
    }
    if ($status === 400) {
        throw new Refused('token');
    }
    $user = json_decode($body, true, 8)['user'] ?? null;
    if ($status !== 200 || !is_array($user)) {
        throw new Refused('setup');
    }
    $texts = [];
    foreach (['id', 'identifier', 'appid', 'email', 'name'] as $field) {
        $texts[$field] = is_string($user[$field] ?? null) ? $user[$field] : '';
    }
    $is_named = $texts['id'] !== '' && preg_match('/^[\x21-\x7e]+$/D', $texts['identifier']);
    if (!$is_named || strlen($texts['identifier']) > MAX_IDENTIFIER_BYTES || ($user['active'] ?? false) !== true) {
        throw new Refused('token');
    }
    return $texts;
}
