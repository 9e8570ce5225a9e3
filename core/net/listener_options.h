#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace sluice::net {

enum class TlsMode : std::uint8_t {
  off,
  files,       ///< `certificate_file` (PEM chain, leaf first) and `private_key_file` (PEM)
  self_signed  ///< an ECDSA P-256 certificate made at start, for development
};

/// Whether a peer shows a certificate of its own in the handshake. One that does not verify ends the handshake.
enum class ClientCertificates : std::uint8_t {
  off,       ///< none is asked for
  optional,  ///< asked for; who has none goes on without
  required   ///< who has none is not let in
};

struct TlsOptions {
  TlsMode mode = TlsMode::off;
  std::string certificate_file;
  std::string private_key_file;
  ClientCertificates client_certificates = ClientCertificates::off;
  std::string client_ca_file{};  ///< PEM: the authorities that sign them
};

/// A directory served under a path, for GET and HEAD of what no route answers.
struct StaticOptions {
  std::string directory;  ///< empty: none
  std::string mount = "/";
  std::chrono::seconds max_age{0};  ///< of `Cache-Control`; 0 makes browsers revalidate by ETag
};

/// What happens to writes and upgrades from a web page of another origin that is not in `cors_origins`. Identity is a
/// token, not a cookie, so the public listener admits; a listener that trusts its address alone must refuse.
enum class ForeignOrigins : std::uint8_t { admit, refuse };

struct ListenerOptions {
  std::string name = "public";  ///< for messages and metrics
  std::string address = "0.0.0.0";
  std::uint16_t port = 0;  ///< 0: any free one, see HttpListener::port

  TlsOptions tls;
  StaticOptions static_files;
  std::vector<std::string> cors_origins;  ///< `https://app.example.org`, or `*`
  ForeignOrigins foreign_origins = ForeignOrigins::admit;

  std::size_t body_bytes = 1 << 20;  ///< of a request; more is 413
  /// What bodies longer than `body_bytes`, of routes that allow them, may take at once; more get 503.
  std::size_t large_bodies_bytes = 256 << 20;
  std::size_t header_bytes = 16 << 10;                ///< of a request's head; more is 431
  std::size_t message_bytes = 1 << 20;                ///< of a WebSocket message; more closes with 1009
  std::size_t queue_bytes = 4 << 20;                  ///< unsent bytes of a WebSocket; more closes with 1008
  std::chrono::milliseconds idle_timeout{60'000};     ///< keep-alive; a silent WebSocket is pinged at half of it
  std::chrono::milliseconds request_timeout{15'000};  ///< to receive a request, finish a TLS handshake, take an answer
  std::size_t max_connections = 20'000;
  std::size_t max_connections_per_address = 1'000;

  double connections_per_second = 0;  ///< per address (IPv6: per /64), on average; 0: no limit
  double connection_burst = 100;      ///< how many of them at once
};

/// A listener that cannot start: port taken, address not ours, certificate unreadable. The text names the listener, the
/// address and the reason, and fits one line.
class ListenError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads the files of `options` as a listener would, and throws the same ListenError. Blocks.
void check_tls(const TlsOptions& options);

}  // namespace sluice::net
