#include "core/config/http_options.h"

#include <boost/asio/ip/address.hpp>

namespace sluice::config {
namespace {

constexpr std::uint32_t kMaxConnections = 1'000'000;

auto ip_address() {
  return check("an IP address", [](const std::string& text) -> std::optional<std::string> {
    boost::system::error_code error;
    boost::asio::ip::make_address(text, error);
    if (!error) return std::nullopt;
    return "must be an IP address, such as 127.0.0.1 or ::";
  });
}

auto origin() {
  return check("each 'scheme://host' or '*'",
               [](const std::vector<std::string>& origins) -> std::optional<std::string> {
                 for (const auto& text : origins) {
                   const auto host = text.find("://");
                   const bool web = host != std::string::npos && host > 0 && host + 3 < text.size() &&
                                    text.find('/', host + 3) == std::string::npos;
                   if (text != "*" && !web) return "must hold origins such as https://app.example.org, or '*'";
                 }
                 return std::nullopt;
               });
}

std::optional<std::string> has_files(const TlsOptions& tls) {
  if (tls.mode != TlsMode::files || (!tls.certificate_file.empty() && !tls.key_file.empty())) return std::nullopt;
  return "is 'files', which needs both certificate_file and key_file";
}

std::optional<std::string> is_guarded(const AdminListenerOptions& admin) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(admin.address, error);
  if (error || address.is_loopback() || !admin.token.empty()) return std::nullopt;
  return "is not a loopback address: set http.admin.token, or listen on 127.0.0.1";
}

}  // namespace

Schema<TlsOptions> TlsOptions::schema() {
  return Schema<TlsOptions>{"TLS of this listener."}
      .option("mode", &TlsOptions::mode,
              "off: plain HTTP. files: a certificate from PEM files. self_signed: one made at start, for development.")
      .option("certificate_file", &TlsOptions::certificate_file, "PEM chain of certificates, leaf first.")
      .option("key_file", &TlsOptions::key_file, "PEM private key.")
      .check("mode", has_files);
}

Schema<PublicListenerOptions> PublicListenerOptions::schema() {
  using Options = PublicListenerOptions;
  return Schema<Options>{"What clients talk to: Socket.IO, WebSocket, HTTP."}
      .option("address", &Options::address, "Address to listen on; '::' is every address, IPv4 and IPv6.", ip_address())
      .option("port", &Options::port, "TCP port; 0 takes any free one.", range(0, 65'535))
      .option("tls", &Options::tls, "TLS of this listener.")
      .option("cors_origins", &Options::cors_origins,
              "Origins whose web pages may use the HTTP API, such as https://app.example.org; '*' is any.",
              max_items(1'000), origin())
      .option("static_dir", &Options::static_dir,
              "Folder of files served under '/'. Empty: the page that is installed with the gateway; none: no files.")
      .option("static_max_age_s", &Options::static_max_age_s,
              "How long browsers may keep these files without asking, in seconds.", range(0, 31'536'000))
      .option("header_bytes", &Options::header_bytes, "Longest head of a request.", range(1'024, 1 << 20))
      .option("body_bytes", &Options::body_bytes, "Longest body of a request.", range(1'024, 1 << 30))
      .option("large_bodies_bytes", &Options::large_bodies_bytes,
              "Memory for bodies longer than that, which single routes allow (uploads), over all connections; what "
              "does not fit is answered 503.",
              range(0, 1 << 30))
      .option("message_bytes", &Options::message_bytes, "Longest message of a WebSocket.", range(1'024, 1 << 26))
      .option("queue_bytes", &Options::queue_bytes,
              "Bytes that may wait for one client that reads slowly; past it the client is dropped.",
              range(1 << 16, 1 << 30))
      .option("idle_timeout_ms", &Options::idle_timeout_ms,
              "A connection that is silent for so long is closed, in milliseconds.", range(1'000, 3'600'000))
      .option("request_timeout_ms", &Options::request_timeout_ms,
              "Time to send a request, to finish a TLS handshake and to take an answer, in milliseconds.",
              range(1'000, 600'000))
      .option("max_connections", &Options::max_connections, "Most connections at once.", range(1, kMaxConnections))
      .option("max_connections_per_address", &Options::max_connections_per_address,
              "Most connections at once from one address.", range(1, kMaxConnections))
      .option("requests_per_second", &Options::requests_per_second,
              "HTTP requests of one user per second, over time; of a guest's address, where there is no token. 0 is no "
              "limit.",
              range(0, 1'000'000))
      .option("requests_burst", &Options::requests_burst, "HTTP requests of one user at once.", range(1, 1'000'000))
      .option("api_description", &Options::api_description,
              "Whether /api/openapi.json and the page /api/docs are there, for everybody.");
}

Schema<AdminListenerOptions> AdminListenerOptions::schema() {
  using Options = AdminListenerOptions;
  return Schema<Options>{"The admin API and its dashboard. Never open it to the world."}
      .option("address", &Options::address, "Address to listen on. Any but a loopback address demands a token.",
              ip_address())
      .option("port", &Options::port, "TCP port; 0 takes any free one.", range(0, 65'535))
      .option("token", &Options::token,
              "Bearer token that a caller must show. Empty: none, on a loopback address only.")
      .option("tls", &Options::tls, "TLS of this listener.")
      .option("max_connections", &Options::max_connections, "Most connections at once.", range(1, 10'000))
      .check("address", is_guarded);
}

Schema<HttpOptions> HttpOptions::schema() {
  return Schema<HttpOptions>{"Listeners."}
      .option("public", &HttpOptions::public_, "What clients talk to: Socket.IO, WebSocket, HTTP.")
      .option("admin", &HttpOptions::admin, "The admin API and its dashboard. Never open it to the world.")
      .option("threads", &HttpOptions::threads, "Threads for sockets, TLS and framing.", range(1, 64));
}

Schema<LimitsOptions> LimitsOptions::schema() {
  using Options = LimitsOptions;
  return Schema<Options>{"What one client or address may ask for."}
      .option("events_per_second", &Options::events_per_second, "Events of one client per second, over time.",
              range(1, 100'000))
      .option("events_burst", &Options::events_burst, "Events of one client at once.", range(1, 100'000))
      .option("connects_per_second_per_address", &Options::connects_per_second_per_address,
              "New connections of one address (IPv6: /64) per second, over time; 0 is no limit.", range(0, 100'000))
      .option("connects_burst_per_address", &Options::connects_burst_per_address,
              "New connections of one address at once.", range(1, 100'000))
      .option("max_clients", &Options::max_clients, "Most clients at once.", range(1, kMaxConnections));
}

}  // namespace sluice::config
