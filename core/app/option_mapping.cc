#include "core/app/option_mapping.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace sluice {

namespace {

LogLevel log_level(config::LogLevel level) { return static_cast<LogLevel>(level); }
static_assert(static_cast<int>(config::LogLevel::off) == static_cast<int>(LogLevel::off));

net::TlsOptions tls_options(const config::TlsOptions& options) {
  return {.mode = static_cast<net::TlsMode>(options.mode),
          .certificate_file = options.certificate_file,
          .private_key_file = options.key_file};
}
static_assert(static_cast<int>(config::TlsMode::self_signed) == static_cast<int>(net::TlsMode::self_signed));

net::TlsOptions admin_tls_options(const config::AdminTlsOptions& options) {
  net::TlsOptions out = tls_options(options);
  out.client_certificates = static_cast<net::ClientCertificates>(options.client_certificates);
  out.client_ca_file = options.client_ca_file;
  return out;
}
static_assert(static_cast<int>(config::ClientCertificates::required) ==
              static_cast<int>(net::ClientCertificates::required));

JwtAlgorithm jwt_algorithm(config::JwtAlgorithm algorithm) { return static_cast<JwtAlgorithm>(algorithm); }
static_assert(static_cast<int>(config::JwtAlgorithm::ES256) == static_cast<int>(JwtAlgorithm::es256));

OfferedIceServer offered_server(const config::OfferedServerOptions& options) {
  IceServer server{.urls = options.urls, .username = std::nullopt, .credential = std::nullopt};
  if (!options.username.empty()) server.username = options.username;
  if (!options.credential.empty()) server.credential = options.credential.reveal();
  return {.server = std::move(server), .secret = options.secret, .lifetime = options.ttl_s};
}

RtpCodecCapability codec(const config::CodecOptions& options) {
  RtpCodecCapability capability;
  capability.kind = options.mime_type.starts_with("audio/") ? MediaKind::audio : MediaKind::video;
  capability.mime_type = options.mime_type;
  capability.clock_rate = options.clock_rate.value_or(0);
  capability.channels = options.channels;
  if (options.payload_type) capability.preferred_payload_type = PayloadType{*options.payload_type};
  capability.parameters = {options.parameters.begin(), options.parameters.end()};
  return capability;
}

// RFC 7064 and RFC 7065: `stun:host[:port]`, `turn:host[:port][?transport=udp|tcp]`, `turns:...`.
struct ServerUri {
  std::string scheme;
  std::string host;
  std::uint16_t port;
  std::string transport;
};

ServerUri parse_server_uri(std::string uri) {
  const std::string whole = uri;
  const auto fail = [&] {
    return std::runtime_error{"media.ice: '" + whole + "' is no STUN or TURN URI, such as stun:stun.example.org:3478"};
  };
  ServerUri out{.scheme = "stun", .host = {}, .port = 3478, .transport = {}};
  if (const auto query = uri.find("?transport="); query != std::string::npos) {
    out.transport = uri.substr(query + 11);
    uri.resize(query);
  }
  const auto colon = uri.find(':');
  const std::string scheme = uri.substr(0, colon);
  if (colon != std::string::npos && (scheme == "stun" || scheme == "turn" || scheme == "turns")) {
    out.scheme = scheme;
    uri.erase(0, colon + 1);
  }
  if (scheme == "turns") out.port = 5349;
  const auto port = uri.rfind(':');
  const bool has_port = port != std::string::npos && uri.find(']', port) == std::string::npos;
  out.host = has_port ? uri.substr(0, port) : uri;
  if (has_port) {
    const std::string digits = uri.substr(port + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
    if (error != std::errc{} || end != digits.data() + digits.size()) throw fail();
  }
  // RFC 3986 section 3.2.2: an IPv6 address stands in brackets, which are no part of it.
  if (out.host.starts_with('[') && out.host.ends_with(']')) out.host = out.host.substr(1, out.host.size() - 2);
  if (out.host.empty()) throw fail();
  return out;
}

void add_turn_server(FullIceOptions& options, const config::IceServerOptions& server) {
  for (const std::string& url : server.urls) {
    const ServerUri uri = parse_server_uri(url);
    const TurnTransport transport = uri.scheme == "turns"    ? TurnTransport::tls
                                    : uri.transport == "tcp" ? TurnTransport::tcp
                                                             : TurnTransport::udp;
    options.turn.push_back({.host = uri.host,
                            .port = uri.port,
                            .user = server.username,
                            .password = server.credential.reveal(),
                            .transport = transport});
  }
}

FullIceOptions full_ice_options(const config::IceOptions& ice) {
  FullIceOptions options;
  if (!ice.stun_servers.empty()) {
    const ServerUri uri = parse_server_uri(ice.stun_servers.front());
    options.stun = StunServer{.host = uri.host, .port = uri.port};
  }
  for (const config::IceServerOptions& server : ice.turn_servers) add_turn_server(options, server);
  for (const std::string& address : ice.listen_addresses) {
    const auto parsed = SocketAddress::parse(address, 1);
    if (parsed && !parsed->is_any()) options.local_addresses.push_back(address);
  }
  if (!ice.announced_addresses.empty()) options.announced = ice.announced_addresses.front();
  return options;
}

}  // namespace

LogOptions log_options(const config::LogOptions& options) {
  LogOptions out;
  out.level = log_level(options.level);
  out.format = static_cast<LogFormat>(options.format);
  out.file = options.file;
  out.rotate_bytes = options.rotate_bytes;
  out.rotated_files = options.rotated_files;
  for (const auto& [component, level] : options.levels) out.levels.emplace(component, log_level(level));
  return out;
}

net::ListenerOptions public_listener(const config::GatewayOptions& options, const ProgramPaths& paths) {
  const config::PublicListenerOptions& http = options.http.public_;
  net::ListenerOptions out;
  out.name = "public";
  out.address = http.address;
  out.port = http.port;
  out.tls = tls_options(http.tls);
  out.static_files.directory = http.static_dir.empty() ? paths.web : http.static_dir;
  if (http.static_dir == "none") out.static_files.directory.clear();
  out.static_files.max_age = http.static_max_age_s;
  out.cors_origins = http.cors_origins;
  out.body_bytes = http.body_bytes;
  out.large_bodies_bytes = http.large_bodies_bytes;
  out.header_bytes = http.header_bytes;
  out.message_bytes = http.message_bytes;
  out.queue_bytes = http.queue_bytes;
  out.idle_timeout = http.idle_timeout_ms;
  out.request_timeout = http.request_timeout_ms;
  out.max_connections = http.max_connections;
  out.max_connections_per_address = http.max_connections_per_address;
  out.connections_per_second = options.limits.connects_per_second_per_address;
  out.connection_burst = options.limits.connects_burst_per_address;
  return out;
}

net::ListenerOptions admin_listener(const config::GatewayOptions& options) {
  const config::AdminListenerOptions& admin = options.http.admin;
  net::ListenerOptions out;
  out.name = "admin";
  out.address = admin.address;
  out.port = admin.port;
  out.tls = admin_tls_options(admin.tls);
  out.max_connections = admin.max_connections;
  out.max_connections_per_address = admin.max_connections;
  // Without a token the address is all that protects it, and a web page in a browser on this machine has that address.
  out.foreign_origins = net::ForeignOrigins::refuse;
  return out;
}

IdentityOptions identity_options(const config::AuthOptions& options) {
  IdentityOptions out;
  out.secret = options.jwt.secret.reveal();
  if (!options.jwt.public_key_file.empty()) out.public_key_files = {options.jwt.public_key_file};
  out.jwks_file = options.jwt.jwks_file;
  for (const config::JwtAlgorithm algorithm : options.jwt.algorithms)
    out.algorithms.push_back(jwt_algorithm(algorithm));
  out.rules.leeway = options.jwt.leeway_s;
  out.rules.issuer = options.jwt.issuer;
  out.rules.audience = options.jwt.audience;
  const config::ClaimOptions& claims = options.jwt.claims;
  out.claims = {.user_id = claims.user_id,
                .name = claims.name,
                .email = claims.email,
                .tenant = claims.tenant,
                .user_type = claims.user_type,
                .role = claims.role};
  out.allow_guests = options.admits_guests();
  return out;
}

EventLimits event_limits(const config::LimitsOptions& options) {
  EventLimits limits;
  limits.events_per_second = options.events_per_second;
  limits.event_burst = options.events_burst;
  return limits;
}

SocketIoDoorOptions socket_io_options(const config::GatewayOptions& options) {
  SocketIoDoorOptions out;
  out.engine.ping_interval = options.signalling.ping_interval_ms;
  out.engine.ping_timeout = options.signalling.ping_timeout_ms;
  out.engine.max_payload_bytes = std::min(options.http.public_.message_bytes, options.http.public_.body_bytes);
  out.engine.max_buffered_bytes = options.http.public_.queue_bytes;
  out.socket_io.namespaces = options.signalling.namespaces;
  out.socket_io.events = event_limits(options.limits);
  out.max_sessions = options.limits.max_clients;
  return out;
}

MediaEngineOptions engine_options(const config::MediaOptions& options, unsigned cores) {
  MediaEngineOptions out;
  out.workers = options.workers == 0 ? std::max(1U, cores) : options.workers;
  out.base_port = options.ice.base_port;
  out.listen_addresses = options.ice.listen_addresses;
  out.announced_addresses = options.ice.announced_addresses;
  out.tcp = options.ice.tcp;
  out.core.ice.consent_timeout = options.ice.consent_timeout_ms;
  out.core.ice.connect_timeout = options.ice.connect_timeout_ms;
  out.core.max_transports = options.max_transports_per_worker;
  out.core.bandwidth = {.min = DataRate::kbps(options.bandwidth.min_kbps),
                        .start = DataRate::kbps(options.bandwidth.start_kbps),
                        .max = DataRate::kbps(options.bandwidth.max_kbps)};
  out.keyframe_min_interval = options.video_keyframe_min_interval_ms;
  for (const config::CodecOptions& configured : options.codecs) out.codecs.push_back(codec(configured));
  for (const config::OfferedServerOptions& server : options.ice_servers) {
    out.ice_servers.push_back(offered_server(server));
  }
  if (options.ice.mode == config::IceMode::full) out.full_ice = full_ice_options(options.ice);
  return out;
}

DtlsCertificate dtls_certificate(const config::DtlsOptions& options, WallTime now) {
  if (options.certificate_file.empty()) return DtlsCertificate::generate(now);
  return DtlsCertificate::load(options.certificate_file, options.key_file);
}

std::vector<std::string> plugin_folders(const config::GatewayOptions& options, const ProgramPaths& paths) {
  std::vector<std::string> folders = options.plugin_dirs;
  if (!paths.plugins.empty()) folders.push_back(paths.plugins);
  return folders;
}

std::vector<PluginRequest> plugin_requests(const config::GatewayConfig& config) {
  std::vector<PluginRequest> requests;
  for (const auto& [name, entry] : config.options.plugins) {
    requests.push_back(
        {.name = name,
         .file = entry.file,
         .optional = entry.optional,
         .position = config.document.plugin_position(name),
         .read_options = [&config, name = name](const SchemaNode& schema) -> Result<json::value, std::string> {
           auto options = config.document.plugin_options(name, schema);
           if (!options) return options.error().to_string();
           return std::move(options).value();
         }});
  }
  return requests;
}

}  // namespace sluice
