#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "record.h"
#include "sluice/store.h"

/// Recordings in the store. Everything here runs inside a unit of work, on the store's thread. What changes a state
/// says from which one, and whether the recording was in it: it may have been deleted meanwhile.
namespace sluice::recording {

void insert(StoreTransaction& store, const Record& record);
/// Also what was deleted.
[[nodiscard]] std::optional<Record> find(StoreTransaction& store, const std::string& id);

bool change_state(StoreTransaction& store, const std::string& id, std::initializer_list<State> from, State to);
bool mark_captured(StoreTransaction& store, const std::string& id, UnixMs ended_at);
/// captured -> producing, one attempt more; nothing where it is not captured any more.
[[nodiscard]] std::optional<Record> begin_production(StoreTransaction& store, const std::string& id);
/// producing -> captured, and the attempt does not count: it was not the production that failed.
bool put_back(StoreTransaction& store, const std::string& id);
/// producing -> ready, with report and files.
bool mark_ready(StoreTransaction& store, const Record& record);
/// From any state before `ready`.
bool mark_failed(StoreTransaction& store, const std::string& id, const std::string& error, UnixMs retention_until);

void add_people(StoreTransaction& store, const std::string& id, const std::vector<Person>& people);
[[nodiscard]] std::optional<Person> find_person(StoreTransaction& store, const std::string& id,
                                                const std::string& user_id);
/// At most 10,000.
[[nodiscard]] std::set<std::string> people_of(StoreTransaction& store, const std::string& id);

/// Which recordings; what is deleted is never among them.
struct Filter {
  std::string tenant = {};
  std::optional<std::string> room_id{};
  std::optional<std::string> meeting_id{};
  std::optional<std::string> user_id{};  ///< who has started them or was there
};
struct RecordPage {
  std::vector<Record> records;  ///< newest first
  std::int64_t total = 0;
};
[[nodiscard]] RecordPage list(StoreTransaction& store, const Filter& filter, std::int64_t offset, std::int64_t limit);

/// Of all tenants, newest first, without what is deleted.
[[nodiscard]] std::vector<Record> newest(StoreTransaction& store, std::int64_t limit);

/// What an earlier process has left behind: neither ready, failed nor deleted. Oldest first, at most 10,000.
[[nodiscard]] std::vector<Record> unfinished(StoreTransaction& store);

/// Marks one that does not run. Its files are removed afterwards: `to_purge`.
bool mark_deleted(StoreTransaction& store, const std::string& id, UnixMs now);
void mark_meeting_deleted(StoreTransaction& store, const std::string& tenant, const std::string& meeting_id,
                          UnixMs now);
/// Those whose time is over, at most `limit`; their ids.
std::vector<std::string> mark_expired(StoreTransaction& store, UnixMs now, std::int64_t limit);
/// Deleted, and something of it may still be on a disk.
[[nodiscard]] std::vector<Record> to_purge(StoreTransaction& store, std::int64_t limit);
void mark_purged(StoreTransaction& store, const std::string& id);
/// Rows of what was deleted and purged before `before`, at most `limit`.
void forget_deleted(StoreTransaction& store, UnixMs before, std::int64_t limit);

}  // namespace sluice::recording
