# Installs what is missing of scripts/packages.txt. Sourced; the working directory is the project's root.

# packages_of SET...: the names, one per line.
packages_of() {
  local set
  for set in "$@"; do
    awk -v set="$set" '$1 == set { print $2 }' scripts/packages.txt
  done
}

# missing_packages SET...: those of them that dpkg does not know as installed.
missing_packages() {
  local wanted installed
  wanted=$(packages_of "$@")
  # dpkg-query fails where it has never heard of one of them.
  # shellcheck disable=SC2086  # one word per package
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p') || true
  grep -vxF -f <(echo "$installed") <<<"$wanted" || true
}

# install_packages SET...: quick where nothing is missing, else apt-get, as root or through sudo.
install_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "This is not Debian: install what scripts/packages.txt names, then say --no-install." >&2
    return 1
  fi
  local sets=("$@") missing as_root=()
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    sets+=(page)
  fi
  missing=$(missing_packages "${sets[@]}")
  if [[ -z $missing ]]; then
    return 0
  fi
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      printf 'Missing packages, and neither root nor sudo to install them:\n  apt-get install %s\n' "${missing//$'\n'/ }" >&2
      return 1
    fi
    as_root=(sudo)
  fi

  echo "Installing: ${missing//$'\n'/ }"
  # Debian starts a service as soon as it is installed. An open TURN or web server is not what somebody who runs tests
  # wants; the tests start their own.
  local service
  for service in coturn nginx; do
    if [[ -d /run/systemd/system ]] && grep -qx "$service" <<<"$missing"; then
      "${as_root[@]}" systemctl mask "$service.service"
    fi
  done
  "${as_root[@]}" apt-get update -qq
  # shellcheck disable=SC2086  # one word per package
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}
