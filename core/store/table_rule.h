#pragma once

#include <string_view>

namespace sluice {

/// Which migrations of which plugin were applied; nobody's but the store's.
inline constexpr std::string_view kMigrationsTable = "sluice_migrations";

/// Whether a table of this name belongs to the plugin: the plugin's name, alone or followed by `_` and more. A `-` of
/// the plugin's name is `_` in tables: `chat-bot` owns `chat_bot` and `chat_bot_rules`. Letters compare without regard
/// to case, as they do in SQL.
[[nodiscard]] bool owns_table(std::string_view plugin, std::string_view table) noexcept;

}  // namespace sluice
