#include "core/config/http_options.h"

#include <boost/asio/ip/address.hpp>
#include <set>
#include <string_view>

namespace sluice::config {
namespace {

constexpr std::uint32_t kMaxConnections = 1'000'000;
constexpr std::string_view kAdminTokenName = "admin";
constexpr std::size_t kLeastTokenBytes = 16;

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

bool asks_for_credentials(const AdminListenerOptions& admin) {
  return !admin.token.empty() || !admin.tokens.empty() || admin.tls.client_certificates != ClientCertificates::off;
}

std::optional<std::string> is_guarded(const AdminListenerOptions& admin) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(admin.address, error);
  if (error || address.is_loopback() || asks_for_credentials(admin)) return std::nullopt;
  return "is not a loopback address: set http.admin.token, http.admin.tokens or http.admin.tls.client_certificates, "
         "or listen on 127.0.0.1";
}

// Names stand in the audit trail: one name, one token.
std::optional<std::string> names_differ(const AdminListenerOptions& admin) {
  std::set<std::string> names;
  if (!admin.token.empty()) names.insert(std::string{kAdminTokenName});
  for (const AdminTokenOptions& token : admin.tokens) {
    if (!names.insert(token.name).second) return "names '" + token.name + "' twice (http.admin.token is 'admin')";
  }
  return std::nullopt;
}

std::optional<std::string> is_long_enough(const AdminTokenOptions& options) {
  if (options.token.reveal().size() >= kLeastTokenBytes) return std::nullopt;
  return "must have at least 16 characters, such as those of `openssl rand -base64 32`";
}

std::optional<std::string> has_authority(const AdminTlsOptions& tls) {
  if (tls.client_certificates == ClientCertificates::off) return std::nullopt;
  if (tls.mode == TlsMode::off) return "needs TLS: set mode to files or self_signed";
  if (tls.client_ca_file.empty()) return "needs client_ca_file: the PEM file of who signs the clients' certificates";
  if (tls.client_roles.empty() && !tls.client_default_role) {
    return "needs client_roles or client_default_role: nobody's certificate would have a role";
  }
  return std::nullopt;
}

template <class T>
Schema<T> tls_schema() {
  // Members of T's base, as members of T.
  TlsMode T::*const mode = &T::mode;
  std::string T::*const certificate_file = &T::certificate_file;
  std::string T::*const key_file = &T::key_file;
  return Schema<T>{"TLS of this listener."}
      .option("mode", mode,
              "off: plain HTTP. files: a certificate from PEM files. self_signed: one made at start, for development.")
      .option("certificate_file", certificate_file, "PEM chain of certificates, leaf first.")
      .option("key_file", key_file, "PEM private key.")
      .check("mode", has_files);
}

}  // namespace

Schema<TlsOptions> TlsOptions::schema() { return tls_schema<TlsOptions>(); }

Schema<AdminTokenOptions> AdminTokenOptions::schema() {
  using Options = AdminTokenOptions;
  return Schema<Options>{"A bearer token of the admin API."}
      .option("name", &Options::name, "Who shows it, in the audit trail.", not_empty(), max_bytes(64))
      .required()
      .option("token", &Options::token, "The token; at least 16 characters.")
      .required()
      .option("role", &Options::role, "read: looks. write: looks and changes.")
      .check("token", is_long_enough);
}

Schema<AdminTlsOptions> AdminTlsOptions::schema() {
  using Options = AdminTlsOptions;
  return tls_schema<Options>()
      .option("client_certificates", &Options::client_certificates,
              "Certificates of those who connect (mTLS). off: none is asked for. optional: one stands for a token. "
              "required: nobody connects without.")
      .option("client_ca_file", &Options::client_ca_file, "PEM file of the authorities that sign these certificates.")
      .option("client_roles", &Options::client_roles,
              "Roles by the common name or an alternative name (DNS, e-mail, URI) of a certificate's subject; where "
              "several match, the one that may more.",
              max_items(1'000))
      .option("client_default_role", &Options::client_default_role,
              "Role of a certificate that client_roles does not name; without one it is refused.")
      .check("client_certificates", has_authority);
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
      .option("address", &Options::address,
              "Address to listen on. Any but a loopback address demands tokens or client certificates.", ip_address())
      .option("port", &Options::port, "TCP port; 0 takes any free one.", range(0, 65'535))
      .option("token", &Options::token,
              "Bearer token of role write, called 'admin' in the audit trail. Empty, without tokens and client "
              "certificates: everybody on this machine may write, on a loopback address only.")
      .option("tokens", &Options::tokens, "More bearer tokens, each with a name and a role.", max_items(100))
      .option("tls", &Options::tls, "TLS of this listener.")
      .option("max_connections", &Options::max_connections, "Most connections at once.", range(1, 10'000))
      .option("wrong_tokens_per_minute", &Options::wrong_tokens_per_minute,
              "Wrong tokens from one address (IPv6: /64) per minute; then no token is looked at for a while.",
              range(1, 1'000))
      .option("audit_days", &Options::audit_days, "How long the audit trail is kept, in days; 0 keeps none of it.",
              range(0, 3'650))
      .check("address", is_guarded)
      .check("tokens", names_differ);
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
