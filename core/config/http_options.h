#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sluice/config.h"

/// `http:` the two listeners, and `limits:` what one client or address may ask of them.
namespace sluice::config {

enum class TlsMode : std::uint8_t { off, files, self_signed };
BOOST_DESCRIBE_ENUM(TlsMode, off, files, self_signed)

struct TlsOptions {
  TlsMode mode = TlsMode::off;
  std::string certificate_file;
  std::string key_file;

  static Schema<TlsOptions> schema();
};

struct PublicListenerOptions {
  std::string address = "0.0.0.0";
  std::uint16_t port = 8080;
  TlsOptions tls;
  std::vector<std::string> cors_origins;
  std::string static_dir;  ///< empty: what is installed with the gateway; `none`: nothing
  std::chrono::seconds static_max_age_s{0};
  std::uint32_t header_bytes = 16 << 10;
  std::uint32_t body_bytes = 1 << 20;
  std::uint32_t large_bodies_bytes = 256 << 20;
  std::uint32_t message_bytes = 1 << 20;
  std::uint32_t queue_bytes = 4 << 20;
  std::chrono::milliseconds idle_timeout_ms{60'000};
  std::chrono::milliseconds request_timeout_ms{15'000};
  std::uint32_t max_connections = 20'000;
  std::uint32_t max_connections_per_address = 1'000;
  double requests_per_second = 100;
  std::uint32_t requests_burst = 200;
  bool api_description = true;

  static Schema<PublicListenerOptions> schema();
};

enum class AdminRole : std::uint8_t { read, write };
BOOST_DESCRIBE_ENUM(AdminRole, read, write)

enum class ClientCertificates : std::uint8_t { off, optional, required };
BOOST_DESCRIBE_ENUM(ClientCertificates, off, optional, required)

/// A bearer token that stands in the file.
struct AdminTokenOptions {
  std::string name;
  Secret token;
  AdminRole role = AdminRole::read;

  static Schema<AdminTokenOptions> schema();
};

struct AdminTlsOptions : TlsOptions {
  ClientCertificates client_certificates = ClientCertificates::off;
  std::string client_ca_file;
  std::map<std::string, AdminRole> client_roles;  ///< by common name or alternative name
  std::optional<AdminRole> client_default_role;   ///< of verified certificates that `client_roles` does not name

  static Schema<AdminTlsOptions> schema();
};

struct AdminListenerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8081;
  Secret token;  ///< of role write and name `admin`
  std::vector<AdminTokenOptions> tokens;
  AdminTlsOptions tls;
  std::uint32_t max_connections = 100;
  std::uint32_t wrong_tokens_per_minute = 10;
  std::uint32_t audit_days = 90;

  static Schema<AdminListenerOptions> schema();
};

struct HttpOptions {
  PublicListenerOptions public_;
  AdminListenerOptions admin;
  std::uint16_t threads = 2;

  static Schema<HttpOptions> schema();
};

struct LimitsOptions {
  double events_per_second = 50;
  std::uint32_t events_burst = 200;
  double connects_per_second_per_address = 20;
  std::uint32_t connects_burst_per_address = 100;
  std::uint32_t max_clients = 20'000;

  static Schema<LimitsOptions> schema();
};

}  // namespace sluice::config
