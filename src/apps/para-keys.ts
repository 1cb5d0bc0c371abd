const GROUPS =
  'caffeine cassandra client db dynamodb es hc health localstorage lucene metrics mongodb queue river s3 sql'
const NAMES =
  'access_log_enabled admin_ident api_enabled app_secret_key auth_cookie aws_access_key aws_region aws_secret_key ' +
  'cache cache_enabled cluster_name context_path core_package_name cors_enabled dao default_encoding ' +
  'default_queue_name default_separator emailer executor_threads fs gzip_enabled health_check_enabled ' +
  'import_batch_size indexing_sync_interval_sec instance_id jwt_refresh_interval logs_dir logs_name ' +
  'max_datatypes_per_app max_entity_size_bytes max_failed_webhook_attempts max_items_per_page max_page_limit ' +
  'max_pages max_pass_matching_attemts metrics_enabled min_password_length ms_tenant_id pass_matching_lock_period_hours ' +
  'pass_reset_timeout plugin_folder print_logo q queue_link_enabled read_from_index reindex_batch_size ' +
  'request_expires_after root_access_key search search_enabled session_timeout support_email sync_index_with_db ' +
  'user_agent_id_enabled vote_expires_after vote_locked_after webhooks_enabled worker_id'
const SECURITY =
  'access_denied allow_unverified_emails csrf_cookie csrf_protection ignored ldap oauth protected remember_me ' +
  'returnto saml signin signout signout_success'
const PROVIDERS = /^(fb|gp|in|tw|gh|ms|sl|mm|oa2|oa2second|oa2third|ldap|saml)_\w+$/

const KNOWN = new Set([
  ...`${GROUPS} ${NAMES}`.split(' '),
  ...SECURITY.split(' ').map((name) => `security.${name}`),
])

/**
 * Whether Para knows a key that has no meaning here: people bring their whole file.
 *
 * @param name Without the prefix `para.`.
 * @see https://paraio.org/docs/#010-config
 */
export function isParaKey(name: string): boolean {
  const [first = '', second] = name.split('.')
  return KNOWN.has(first) || KNOWN.has(`${first}.${String(second)}`) || PROVIDERS.test(first)
}
