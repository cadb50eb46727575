# Sourced by .ci/run. The tests get the server ZP_MYSQL_URL names, the usual one of this machine, or one of their own that
# ends with the run. What cannot be installed here fails in the tests, as it should.
start_mariadb() {
  local as_root="" user
  [ "$(id -u)" = 0 ] || as_root=sudo
  user=$(id -un)
  if ! command -v mariadbd >/dev/null && command -v apt-get >/dev/null; then
    { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends mariadb-server; } >/dev/null 2>&1 || true
  fi
  mariadb_home=$(mktemp -d)
  { mariadb-install-db --no-defaults --user="$user" --datadir="$mariadb_home/data" --auth-root-authentication-method=normal &&
    mariadbd --no-defaults --user="$user" --datadir="$mariadb_home/data" --socket="$mariadb_home/socket" --pid-file="$mariadb_home/pid" --port=3307 --bind-address=127.0.0.1; } >"$mariadb_home/log" 2>&1 &
  at_end="$at_end; kill \$(cat '$mariadb_home/pid') 2>/dev/null; rm -rf '$mariadb_home'"
  export ZP_MYSQL_URL=mysql://root@127.0.0.1:3307/test
}
if [ -z "${ZP_MYSQL_URL:-}" ] && ! mysql -h 127.0.0.1 -u root -e 'SELECT 1' test >/dev/null 2>&1; then start_mariadb; fi
