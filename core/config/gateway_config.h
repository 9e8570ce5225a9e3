#pragma once

#include <string>

#include "core/config/config_document.h"
#include "core/config/config_source.h"
#include "core/config/gateway_options.h"

namespace sluice::config {

/// A valid configuration of the gateway, in the three forms that it is needed in.
struct GatewayConfig {
  GatewayOptions options;
  json::value canonical;    ///< for `diff` and `to_masked_json`; holds secrets in plain text
  ConfigDocument document;  ///< for the plugins' options
};

/// Reads and checks a file and all that it includes. Everything found wrong is reported at once, up to a limit.
/// The files and the environment are read here and at no other time; blocks while it reads.
[[nodiscard]] Result<GatewayConfig, ConfigProblems> load_gateway_config(const std::string& path,
                                                                        const ConfigSource& source = system_source());
/// The same for a text that is called `file` in messages.
[[nodiscard]] Result<GatewayConfig, ConfigProblems> parse_gateway_config(const std::string& text,
                                                                         const std::string& file,
                                                                         const ConfigSource& source = system_source());

}  // namespace sluice::config
