#include "core/config/gateway_config.h"

#include <optional>

#include "core/config/include_loader.h"
#include "core/config/validator.h"

namespace sluice::config {
namespace {

Result<GatewayConfig, ConfigProblems> bind(std::optional<YamlNode> root, ConfigProblems problems) {
  if (!root) return problems;
  static const auto schema = GatewayOptions::schema();
  json::value canonical = validate(schema.node(), *root, {}, problems);
  if (!problems.empty()) return problems;
  GatewayOptions options = schema.bind(canonical);
  return GatewayConfig{std::move(options), std::move(canonical), ConfigDocument{*std::move(root)}};
}

}  // namespace

Result<GatewayConfig, ConfigProblems> load_gateway_config(const std::string& path, const ConfigSource& source) {
  ConfigProblems problems;
  auto root = load_with_includes(path, source, problems);
  return bind(std::move(root), std::move(problems));
}

Result<GatewayConfig, ConfigProblems> parse_gateway_config(const std::string& text, const std::string& file,
                                                           const ConfigSource& source) {
  ConfigProblems problems;
  auto root = parse_with_includes(text, file, source, problems);
  return bind(std::move(root), std::move(problems));
}

}  // namespace sluice::config
