#pragma once

#include <string>
#include <string_view>

struct sqlite3;

namespace sluice {

/// Keeps a plugin's statements to the plugin's own tables, by SQLite's authorizer: SQLite asks it about each table that
/// a statement would touch while it prepares the statement.
///
/// It stands against mistakes, not against malice: a plugin is native code and can do whatever the process can.
class SqliteGuard {
 public:
  /// Watches the connection, which must be closed before the guard dies.
  explicit SqliteGuard(sqlite3* connection);
  SqliteGuard(const SqliteGuard&) = delete;
  SqliteGuard& operator=(const SqliteGuard&) = delete;

  /// Empty: everything is allowed.
  void restrict_to(std::string_view plugin) { plugin_ = plugin; }
  [[nodiscard]] bool restricted() const noexcept { return !plugin_.empty(); }
  /// Why the last statement was refused, or empty; forgotten by the call.
  [[nodiscard]] std::string take_refusal();

 private:
  static int authorize(void* self, int action, const char* first, const char* second, const char* database,
                       const char* trigger);
  [[nodiscard]] bool allows(int action, std::string_view first, std::string_view second);
  [[nodiscard]] bool allows_table(std::string_view table);

  std::string plugin_;
  std::string refusal_;
};

}  // namespace sluice
