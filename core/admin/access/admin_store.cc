#include "core/admin/access/admin_store.h"

#include <exception>
#include <filesystem>
#include <functional>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/store/migrations.h"
#include "core/store/plugin_store.h"

namespace sluice::admin {

namespace {

constexpr std::string_view kOwner = "admin";

// Times are milliseconds since 1970.
const std::vector<Migration>& migrations() {
  static const std::vector<Migration> steps{
      {1,
       "CREATE TABLE admin_operators ("
       "name TEXT PRIMARY KEY NOT NULL, role TEXT NOT NULL, created_at INTEGER NOT NULL);"
       "CREATE TABLE admin_tokens ("
       "id TEXT PRIMARY KEY NOT NULL, operator TEXT NOT NULL REFERENCES admin_operators (name) ON DELETE CASCADE, "
       "digest TEXT NOT NULL UNIQUE, note TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER, "
       "seen_at INTEGER);"
       "CREATE INDEX admin_tokens_operator ON admin_tokens (operator);"
       "CREATE TABLE admin_audit ("
       "seq INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, who TEXT NOT NULL, shown_by TEXT NOT NULL, "
       "token_id TEXT NOT NULL, address TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, "
       "status INTEGER NOT NULL);"
       "CREATE INDEX admin_audit_who ON admin_audit (who, seq);"
       "CREATE INDEX admin_audit_time ON admin_audit (time);"
       "CREATE INDEX admin_audit_refused ON admin_audit (seq) WHERE status IN (401, 403);"}};
  return steps;
}

std::string reason_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& thrown) {
    return thrown.what();
  } catch (...) {
    return "unknown";
  }
}

class OpenTransaction final : public StoreTransaction {
 public:
  explicit OpenTransaction(Database& database) : database_{database} {}
  std::vector<StoreRow> query(std::string_view sql, const std::vector<StoreValue>& parameters) override {
    return database_.query(sql, parameters);
  }

 private:
  Database& database_;
};

}  // namespace

AdminStore::AdminStore(Parts parts)
    : parts_{std::move(parts)}, store_{make_plugin_store(parts_.engine, parts_.loop, std::string{kOwner})} {}

void AdminStore::read_at_start(const std::function<void(StoreTransaction&)>& read) {
  std::error_code failed;
  if (!std::filesystem::exists(parts_.file, failed)) return;
  store_->migrate(migrations());
  made_tables_ = true;
  parts_.engine.run([&read](Database& database) {
    in_transaction(database, [&] {
      const OnBehalfOf owner{database, kOwner};
      OpenTransaction transaction{database};
      read(transaction);
    });
  });
}

// Ahead of the work that needs them, in the same queue: nothing has to wait here. Where it fails that work fails, and
// the next one tries again.
void AdminStore::make_tables() {
  if (made_tables_) return;
  auto failed = lifeline_.guard([this](const std::string& why) {
    made_tables_ = false;
    parts_.log.error("the tables of the admin API cannot be made", {{"error", why}});
  });
  parts_.engine.submit(
      [now = parts_.loop.wall_time()](Database& database) { apply_migrations(database, kOwner, migrations(), now); },
      [&loop = parts_.loop, failed = std::move(failed)](std::exception_ptr error) mutable {
        if (error == nullptr) return;
        loop.post([failed = std::move(failed), why = reason_of(error)]() mutable { failed(why); });
      });
  made_tables_ = true;
}

}  // namespace sluice::admin
