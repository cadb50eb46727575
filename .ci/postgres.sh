# Sourced by .ci/run. The tests get the server ZP_POSTGRES_URL names, the usual one of this machine, or one of their own
# that ends with the run. What cannot be installed here fails in the tests, as it should.
start_postgres() {
  local bin dir as_root="" as_postgres=""
  [ "$(id -u)" = 0 ] || as_root=sudo
  newest() { find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1; }
  if [ -z "$(newest)" ] && command -v apt-get >/dev/null; then
    { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends postgresql; } >/dev/null 2>&1 || true
  fi
  bin=$(newest)
  [ -n "$bin" ] || return 0
  dir=$(mktemp -d)
  # The server refuses to run as root.
  if [ "$(id -u)" = 0 ]; then
    as_postgres="runuser -u postgres --"
    chown postgres "$dir"
  fi
  $as_postgres "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --no-locale >"$dir/log" 2>&1 || return 0
  at_end="$at_end; $as_postgres '$bin/pg_ctl' -D '$dir/data' -m immediate stop >/dev/null 2>&1; rm -rf '$dir'"
  $as_postgres "$bin/pg_ctl" -D "$dir/data" -l "$dir/data/log" -w -o "-p 54329 -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir" start >/dev/null || return 0
  export ZP_POSTGRES_URL=postgres://postgres@127.0.0.1:54329/postgres
}
if [ -z "${ZP_POSTGRES_URL:-}" ] && ! psql -w -c '' postgres://postgres@127.0.0.1:5432/test >/dev/null 2>&1; then start_postgres; fi
