#include "core/app/plugin_admin.h"

#include <algorithm>
#include <boost/json/value_from.hpp>
#include <chrono>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "core/app/option_mapping.h"
#include "core/config/config_diff.h"
#include "core/config/masked_json.h"
#include "core/config/option_change.h"

namespace sluice {

namespace {

Error mistakes(const char* what, const std::vector<config::ConfigProblem>& problems, ErrorCode code) {
  const std::string first = problems.empty() ? "" : ": " + problems.front().text;
  return Error{code, what + first, {{"problems", problems_json(problems)}}};
}

std::string path_of(const std::string& plugin) { return "plugins." + plugin; }

}  // namespace

struct PluginAdmin::Options {
  SchemaNode schema;
  json::value in_force;
};

json::array problems_json(const std::vector<config::ConfigProblem>& problems) {
  json::array out;
  for (const config::ConfigProblem& problem : problems) {
    out.push_back(json::object{
        {"file", problem.file}, {"line", problem.line}, {"column", problem.column}, {"text", problem.text}});
  }
  return out;
}

json::object reload_json(const ReloadReport& report) {
  if (!report.problems.empty()) {
    throw mistakes("the configuration was not reloaded", report.problems, ErrorCode::conflict);
  }
  return {{"applied", json::value_from(report.applied)},
          {"needsPluginReload", json::value_from(report.needs_plugin_reload)},
          {"needsRestart", json::value_from(report.needs_restart)}};
}

PluginAdmin::PluginAdmin(PluginManager& plugins, const Reloader& config, Taps taps, Log& log)
    : plugins_{plugins}, config_{config}, taps_{std::move(taps)}, log_{log} {}

std::vector<PluginStatus> PluginAdmin::plugins() {
  std::vector<PluginStatus> all = plugins_.status();
  std::map<std::string, json::value> options;
  plugins_.for_each_options([&](const std::string& name, const SchemaNode& schema, const Config& in_force) {
    options.emplace(name, config::masked(schema, in_force.raw()));
  });
  const std::map<std::string, TapUsage> taps = taps_();
  std::set<std::string> names;
  for (PluginStatus& status : all) {
    names.insert(status.name);
    if (const auto found = options.find(status.name); found != options.end()) status.options = found->second;
    if (const auto found = taps.find(status.name); found != taps.end()) status.taps = found->second;
  }
  std::ranges::move(installed_.find(plugins_.folders(), names), std::back_inserter(all));
  return all;
}

PluginChange PluginAdmin::reload(const std::string& name) {
  const auto next = config::load_gateway_config(config_.file());
  if (!next) throw mistakes("the configuration has mistakes", next.error().kept(), ErrorCode::conflict);
  std::vector<PluginRequest> requests = plugin_requests(*next);
  const auto request = std::ranges::find(requests, name, &PluginRequest::name);
  if (request == requests.end()) {
    const bool known = plugins_.request_of(name).has_value();
    throw Error{known ? ErrorCode::conflict : ErrorCode::not_found,
                known ? "the configuration does not name this plugin any more: it can only be stopped"
                      : "the configuration names no plugin of this name"};
  }
  PluginChange change = plugins_.reload(std::move(*request), true);
  report("plugin reloaded", name, change);
  return change;
}

PluginChange PluginAdmin::start(const std::string& name) {
  const auto all = plugins_.status();
  const auto found = std::ranges::find(all, name, &PluginStatus::name);
  if (found != all.end() && found->state == PluginState::running) {
    throw Error{ErrorCode::conflict, "it runs: a reload starts it anew"};
  }
  return reload(name);
}

PluginChange PluginAdmin::stop(const std::string& name) {
  PluginChange change = plugins_.stop_plugin(name);
  report("plugin stopped by the operator", name, change);
  return change;
}

OptionsChange PluginAdmin::set_options(const std::string& name, OptionsBody kind, const json::value& body,
                                       bool may_reload) {
  const Options options = options_of(name);
  json::value wanted = kind == OptionsBody::whole ? body : config::merge_patch(options.in_force, body);
  auto revealed = config::with_secrets(options.schema, std::move(wanted), options.in_force, path_of(name));
  if (!revealed) {
    throw Error{ErrorCode::invalid_payload,
                "'***' stands for no secret that is in force: write the secret itself",
                {{"path", revealed.error()}}};
  }
  const auto checked = config::validate_json(options.schema, *revealed, path_of(name));
  if (!checked) throw mistakes("the options are wrong", checked.error().kept(), ErrorCode::invalid_payload);

  json::array needs_reload;
  for (const config::ConfigChange& change : config::diff(options.schema, options.in_force, *checked, path_of(name))) {
    if (change.reload == config::Reload::needs_restart) needs_reload.emplace_back(change.path);
  }
  if (needs_reload.empty() && plugins_.reconfigure(name, Config{*checked}, false)) {
    log_.info("plugin reconfigured by the operator", {{"plugin", name}});
    return {};
  }
  if (!may_reload) {
    throw Error{ErrorCode::conflict,
                "these options are taken when the plugin starts: ask again with ?reload=true to start it anew",
                {{"needsReload", std::move(needs_reload)}}};
  }
  auto request = plugins_.request_of(name);
  request->read_options = [&](const SchemaNode& schema) -> Result<json::value, std::string> {
    // The library may be another one than that whose schema has been asked.
    auto again = config::validate_json(schema, *checked, path_of(name));
    if (!again) return again.error().to_string();
    return std::move(again).value();
  };
  OptionsChange done{.reloaded = true, .change = plugins_.reload(std::move(*request), false)};
  report("plugin reloaded with changed options", name, done.change);
  return done;
}

PluginAdmin::Options PluginAdmin::options_of(const std::string& name) const {
  std::optional<Options> found;
  plugins_.for_each_options([&](const std::string& plugin, const SchemaNode& schema, const Config& in_force) {
    if (plugin == name) found = Options{schema, in_force.raw()};
  });
  if (found) return *std::move(found);
  const bool known = plugins_.request_of(name).has_value();
  throw Error{
      known ? ErrorCode::conflict : ErrorCode::not_found,
      known ? "its options are not known: the plugin could not be loaded" : "no plugin of this name is configured"};
}

void PluginAdmin::report(std::string_view what, const std::string& name, const PluginChange& change) {
  log_.info(what, {{"plugin", name},
                   {"plugins", change.plugins.size()},
                   {"held_ms", std::chrono::duration_cast<std::chrono::milliseconds>(change.held).count()}});
}

}  // namespace sluice
