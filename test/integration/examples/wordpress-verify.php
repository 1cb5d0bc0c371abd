<?php
// Runs the verifying code of examples/wordpress without WordPress, over real HTTP. One question a line, one answer a line.
error_reporting(E_ALL);
set_error_handler(function ($level, $message, $file, $line) {
    throw new ErrorException($message, 0, $level, $file, $line);
});
$folder = __DIR__ . '/../../../examples/wordpress/amazon-auth';
require "$folder/refused.php";
require "$folder/verify-token.php";

while (($line = fgets(STDIN)) !== false) {
    $question = json_decode($line, true);
    $asked = 0;
    $ask = function (string $token) use ($question, &$asked): array {
        $asked += 1;
        $body = json_encode(['provider' => 'passwordless', 'appid' => $question['app'], 'token' => $token]);
        $http = ['method' => 'POST', 'header' => 'Content-Type: application/json', 'content' => $body];
        $context = stream_context_create(['http' => $http + ['ignore_errors' => true, 'follow_location' => 0, 'timeout' => 8]]);
        try {
            $answer = file_get_contents($question['url'] . '/jwt_auth', false, $context);
        } catch (ErrorException $unreachable) {
            return [0, ''];
        }
        return [(int) explode(' ', $http_response_header[0])[1], $answer];
    };
    try {
        $now = isset($question['now']) ? (int) $question['now'] : null;
        $user = AmazonAuth\verify_token($question['token'], $question['nonce'], $question['app'], $ask, $now);
        echo json_encode(['user' => $user, 'asked' => $asked]), "\n";
    } catch (AmazonAuth\Refused $refused) {
        echo json_encode(['refused' => $refused->getMessage(), 'asked' => $asked]), "\n";
    }
}
