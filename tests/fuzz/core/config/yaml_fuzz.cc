#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/config/gateway_config.h"
#include "core/config/masked_json.h"

/// Arbitrary bytes as the gateway's configuration: only ever a configuration or a list of problems. What is accepted
/// must bind to the typed options (done by the loader) and survive masking.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::config;
  static const auto schema = GatewayOptions::schema();
  const std::string text{reinterpret_cast<const char*>(data), size};
  const ConfigSource source{[](const std::string& name) -> std::optional<std::string> {
                              if (name == "UNSET") return std::nullopt;
                              return name;
                            },
                            [&text](const std::string& path) -> sluice::Result<std::string, FileError> {
                              if (path == "missing.yaml") return FileError{"missing"};
                              return text.substr(text.size() / 2);
                            }};
  const auto config = parse_gateway_config(text, "fuzz.yaml", source);
  if (config) {
    if (sluice::config::to_masked_json(schema.node(), config->canonical).empty()) std::abort();
    static_cast<void>(config->document.plugin_options("videoroom", schema.node()));
  } else if (config.error().to_string().empty()) {
    std::abort();
  }
  return 0;
}
