<?php

namespace AmazonAuth;

/** A sign-in that does not come about; its message is a code of {@see failure_texts}. */
final class Refused extends \Exception
{
}
