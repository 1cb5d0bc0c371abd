<?php

namespace AmazonAuth;

/**
 * Trades a token at the server, from here to there: the session token that it answers with is not needed, and forgotten.
 *
 * @return array{0: int, 1: string} Status (0: no answer) and body.
 */
function ask_server(string $token): array
{
    $answer = wp_remote_post(server_url() . '/jwt_auth', [
        'timeout' => 8,
        'redirection' => 0,
        'limit_response_size' => 65536,
        'user-agent' => 'express-amazon-auth for WordPress',
        'headers' => ['Content-Type' => 'application/json', 'Accept' => 'application/json'],
        'body' => wp_json_encode(['provider' => 'passwordless', 'appid' => app_name(), 'token' => $token]),
    ]);
    if (is_wp_error($answer)) {
        error_log('Sign in with Amazon: ' . server_url() . ' does not answer: ' . $answer->get_error_message());
        return [0, ''];
    }
    $status = (int) wp_remote_retrieve_response_code($answer);
    $body = (string) wp_remote_retrieve_body($answer);
    if ($status !== 200) {
        $message = json_decode($body, true, 8)['message'] ?? '';
        error_log("Sign in with Amazon: the server answers $status " . (is_string($message) ? substr($message, 0, 200) : ''));
    }
    return [$status, $body];
}
