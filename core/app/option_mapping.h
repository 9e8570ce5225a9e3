#pragma once

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/app/program_paths.h"
#include "core/config/gateway_config.h"
#include "core/log/log.h"
#include "core/media/dtls/dtls_context.h"
#include "core/media/engine/media_engine.h"
#include "core/net/listener_options.h"
#include "core/plugins/plugin_catalog.h"
#include "core/signalling/identity/identity_options.h"
#include "core/signalling/socket_io_door.h"

/// From what the operator wrote to what each part takes: the parts do not know the configuration.
namespace sluice {

[[nodiscard]] LogOptions log_options(const config::LogOptions& options);
[[nodiscard]] net::ListenerOptions public_listener(const config::GatewayOptions& options, const ProgramPaths& paths);
[[nodiscard]] net::ListenerOptions admin_listener(const config::GatewayOptions& options);
[[nodiscard]] IdentityOptions identity_options(const config::AuthOptions& options);
[[nodiscard]] EventLimits event_limits(const config::LimitsOptions& options);
[[nodiscard]] SocketIoDoorOptions socket_io_options(const config::GatewayOptions& options);
/// Throws std::runtime_error for addresses of STUN and TURN servers that cannot be read.
[[nodiscard]] MediaEngineOptions engine_options(const config::MediaOptions& options, unsigned cores);
[[nodiscard]] DtlsCertificate dtls_certificate(const config::DtlsOptions& options, WallTime now);
[[nodiscard]] std::vector<std::string> plugin_folders(const config::GatewayOptions& options, const ProgramPaths& paths);
/// `config` must outlive the requests.
[[nodiscard]] std::vector<PluginRequest> plugin_requests(const config::GatewayConfig& config);

}  // namespace sluice
