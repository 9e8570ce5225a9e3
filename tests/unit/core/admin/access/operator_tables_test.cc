#include "core/admin/access/operator_tables.h"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "core/admin/access/admin_store.h"
#include "core/admin/access/audit_tables.h"
#include "core/log/log.h"
#include "core/store/sqlite_database.h"
#include "sluice/result.h"
#include "tests/unit/core/store/temporary_folder.h"

namespace sluice::admin {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{1'785'405'900s};  // 2026-07-30T10:05:00Z

struct Fixture {
  /// Runs one unit of work; the loop runs on this thread meanwhile.
  template <class Work>
  auto with(Work work) {
    using T = std::invoke_result_t<Work&, StoreTransaction&>;
    std::optional<T> out;
    store.transact(std::move(work), [&](JobResult<T> result) {
      loop.stop();
      out = std::move(result.value());
    });
    loop.run();
    return std::move(*out);
  }
  Change token(const std::string& name, const std::string& id, std::optional<WallTime> expires_at = {}) {
    const NewToken wanted{
        .id = id, .operator_name = name, .digest = digest_of(id), .note = "laptop", .expires_at = expires_at};
    return with([wanted](StoreTransaction& to) { return add_token(to, wanted, kNow); });
  }
  Change person(const std::string& name, Role role) {
    return with([=](StoreTransaction& to) { return add_operator(to, name, role, kNow); });
  }

  test::TemporaryFolder folder;
  ManualClock clock;
  ControlLoop loop{clock};
  StoreEngine engine{sqlite_opener(folder.file("sluice.db"))};
  AdminStore store{{.engine = engine, .loop = loop, .file = folder.file("sluice.db"), .log = null_log()}};
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "an operator has a role, and tokens of which the digest alone is kept") {
  CHECK(person("ann", Role::read) == Change::made);
  CHECK(person("ann", Role::write) == Change::exists);
  CHECK(token("ann", "t1", kNow + 1h) == Change::made);
  CHECK(token("eve", "t2") == Change::missing);

  const auto known = with([](StoreTransaction& from) { return known_tokens(from); });
  REQUIRE(known.size() == 1);
  CHECK(known[0].name == "ann");
  CHECK(known[0].role == Role::read);
  CHECK(known[0].id == "t1");
  CHECK(known[0].expires_at == kNow + 1h);
  CHECK(same(known[0].digest, digest_of("t1")));

  with([](StoreTransaction& to) {
    note_seen(to, {{"t1", kNow + 5min}});
    return Ok{};
  });
  const auto all = with([](StoreTransaction& from) { return operators(from); });
  REQUIRE(all.size() == 1);
  CHECK(all[0].created_at == "2026-07-30T10:05:00.000Z");
  CHECK(all[0].last_seen_at == "2026-07-30T10:10:00.000Z");
  CHECK(all[0].tokens == 1);
  const auto tokens = with([](StoreTransaction& from) { return tokens_of(from, "ann"); });
  REQUIRE(tokens.has_value());
  CHECK(tokens->at(0).note == "laptop");
  CHECK(tokens->at(0).expires_at == "2026-07-30T11:05:00.000Z");
}

TEST_CASE_FIXTURE(Fixture, "an operator that goes takes its tokens along") {
  static_cast<void>(person("ann", Role::write));
  static_cast<void>(person("ben", Role::write));
  static_cast<void>(token("ann", "t1"));
  static_cast<void>(token("ben", "t2"));
  CHECK(with([](StoreTransaction& to) { return remove_operator(to, "ann"); }) == Change::made);
  CHECK(with([](StoreTransaction& to) { return remove_operator(to, "ann"); }) == Change::missing);
  const auto known = with([](StoreTransaction& from) { return known_tokens(from); });
  REQUIRE(known.size() == 1);
  CHECK(known[0].name == "ben");
  CHECK(with([](StoreTransaction& to) { return remove_token(to, "ann", "t2"); }) == Change::missing);
  CHECK(with([](StoreTransaction& to) { return remove_token(to, "ben", "t2"); }) == Change::made);
  CHECK(with([](StoreTransaction& from) { return known_tokens(from); }).empty());
}

TEST_CASE_FIXTURE(Fixture, "an operator has so many tokens at most, of which the expired ones make room") {
  static_cast<void>(person("ann", Role::write));
  CHECK(token("ann", "old", kNow) == Change::made);  // over at the moment at which it is made
  for (std::size_t i = 0; i < kMaxTokensOfOperator; ++i) {
    CHECK(token("ann", "t" + std::to_string(i)) == Change::made);
  }
  CHECK(token("ann", "one more") == Change::too_many);
}

TEST_CASE_FIXTURE(Fixture, "the audit trail is read newest first, page by page, of everybody or of one") {
  with([](StoreTransaction& to) {
    for (int i = 0; i < 5; ++i) {
      AuditRecord record;
      record.who = i % 2 == 0 ? "ann" : "ben";
      record.method = "POST";
      record.path = "/" + std::to_string(i);
      record.status = 200;
      add_record(to, record, kNow + std::chrono::seconds{i});
    }
    return Ok{};
  });
  const auto read = [&](AuditQuery query) {
    return with([query](StoreTransaction& from) { return records(from, query); });
  };
  const auto newest = read({.before = {}, .who = {}, .limit = 2});
  REQUIRE(newest.size() == 2);
  CHECK(newest[0].path == "/4");
  CHECK(newest[0].time == "2026-07-30T10:05:04.000Z");
  const auto older = read({.before = newest[1].seq, .who = "ann", .limit = 10});
  REQUIRE(older.size() == 2);
  CHECK(older[0].path == "/2");
  CHECK(older[1].path == "/0");
}

TEST_CASE_FIXTURE(Fixture, "of the audit trail the newest stay, and refusals drive out none but refusals") {
  with([](StoreTransaction& to) {
    for (int i = 0; i < 10; ++i) {
      AuditRecord record;
      record.path = "/" + std::to_string(i);
      record.status = i < 5 ? 200 : 403;
      add_record(to, record, kNow + std::chrono::seconds{i});
    }
    return Ok{};
  });
  const auto left = [&](AuditBounds bounds) {
    return with([bounds](StoreTransaction& from) {
      keep_within(from, bounds);
      std::string paths;
      for (const AuditRecord& record : records(from, {})) paths += record.path;
      return paths;
    });
  };
  CHECK(left({.oldest = kNow, .records = 10, .refused = 5}) == "/9/8/7/6/5/4/3/2/1/0");
  CHECK(left({.oldest = kNow, .records = 10, .refused = 2}) == "/9/8/4/3/2/1/0");
  CHECK(left({.oldest = kNow + 2s, .records = 10, .refused = 2}) == "/9/8/4/3/2");
  CHECK(left({.oldest = kNow, .records = 3, .refused = 2}) == "/9/8/4");
}

TEST_CASE("without a database nothing is read at the start, and none is made") {
  test::TemporaryFolder folder;
  ManualClock clock;
  ControlLoop loop{clock};
  const std::string file = folder.file("sluice.db");
  StoreEngine engine{sqlite_opener(file)};
  AdminStore store{{.engine = engine, .loop = loop, .file = file, .log = null_log()}};
  store.read_at_start([](StoreTransaction&) { FAIL("there is nothing to read"); });
  CHECK(!std::filesystem::exists(file));
  CHECK(!store.in_use());
}

}  // namespace sluice::admin
