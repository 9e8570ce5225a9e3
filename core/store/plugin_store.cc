#include "core/store/plugin_store.h"

#include <utility>

#include "core/control/callback_scope.h"
#include "core/store/migrations.h"

namespace sluice {

namespace {

class Transaction final : public StoreTransaction {
 public:
  explicit Transaction(Database& database) : database_{database} {}
  std::vector<StoreRow> query(std::string_view sql, const std::vector<StoreValue>& parameters = {}) override {
    return database_.query(sql, parameters);
  }

 private:
  Database& database_;
};

class PluginStore final : public Store {
 public:
  PluginStore(StoreEngine& engine, ControlLoop& loop, std::string plugin)
      : engine_{engine}, loop_{loop}, plugin_{std::move(plugin)} {}

  void migrate(std::span<const Migration> migrations) override {
    check_numbering(plugin_, migrations);
    // Waits for the end, so that references will do.
    engine_.run(
        [&, now = loop_.wall_time()](Database& database) { apply_migrations(database, plugin_, migrations, now); });
  }

  void transact_raw(Function<void(StoreTransaction&)> work, Function<void(std::exception_ptr)> done) override {
    engine_.submit_unit(
        [plugin = plugin_, work = std::move(work)](Database& database) mutable {
          const OnBehalfOf owner{database, plugin};
          Transaction transaction{database};
          work(transaction);
        },
        [&loop = loop_,
         done = in_current_scope<std::exception_ptr>("store", std::move(done))](std::exception_ptr error) mutable {
          loop.post([done = std::move(done), error = std::move(error)]() mutable { done(std::move(error)); });
        });
  }

 private:
  StoreEngine& engine_;
  ControlLoop& loop_;
  std::string plugin_;
};

}  // namespace

std::unique_ptr<Store> make_plugin_store(StoreEngine& engine, ControlLoop& loop, std::string plugin) {
  return std::make_unique<PluginStore>(engine, loop, std::move(plugin));
}

}  // namespace sluice
