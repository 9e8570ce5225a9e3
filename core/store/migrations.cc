#include "core/store/migrations.h"

#include <stdexcept>
#include <string>

#include "sluice/utc_text.h"

namespace sluice {

namespace {

std::int64_t applied_version(Database& database, const std::string& plugin) {
  const auto rows =
      database.query("SELECT coalesce(max(version), 0) FROM sluice_migrations WHERE plugin = ?", {plugin});
  return std::get<std::int64_t>(rows.at(0).at(0));
}

void create_table(Database& database) {
  in_transaction(database, [&] {
    database.run_script(
        "CREATE TABLE IF NOT EXISTS sluice_migrations ("
        "plugin TEXT NOT NULL, version INTEGER NOT NULL, applied_at TEXT NOT NULL, PRIMARY KEY (plugin, version))");
  });
}

void apply(Database& database, const std::string& plugin, const Migration& step, WallTime now) {
  in_transaction(database, [&] {
    {
      const OnBehalfOf owner{database, plugin};
      database.run_script(step.sql);
    }
    database.query("INSERT INTO sluice_migrations (plugin, version, applied_at) VALUES (?, ?, ?)",
                   {plugin, std::int64_t{step.version}, utc_text(now)});
  });
}

}  // namespace

void check_numbering(std::string_view plugin, std::span<const Migration> migrations) {
  int expected = 0;
  for (const Migration& step : migrations) {
    if (step.version == ++expected) continue;
    throw std::logic_error{"plugin '" + std::string{plugin} + "': migration " + std::to_string(expected) +
                           " is missing; where it belongs stands " + std::to_string(step.version)};
  }
}

void apply_migrations(Database& database, std::string_view plugin, std::span<const Migration> migrations,
                      WallTime now) {
  check_numbering(plugin, migrations);
  create_table(database);
  const std::string name{plugin};
  const std::int64_t applied = applied_version(database, name);
  if (applied > std::ssize(migrations)) {
    throw std::runtime_error{"the tables of plugin '" + name + "' are of version " + std::to_string(applied) +
                             ", and this plugin knows versions up to " + std::to_string(migrations.size()) +
                             ": install the newer plugin again, or restore a backup of the database"};
  }
  for (const Migration& step : migrations.subspan(static_cast<std::size_t>(applied))) {
    try {
      apply(database, name, step, now);
    } catch (const std::exception& error) {
      throw std::runtime_error{"plugin '" + name + "': migration " + std::to_string(step.version) +
                               " failed: " + error.what()};
    }
  }
}

}  // namespace sluice
