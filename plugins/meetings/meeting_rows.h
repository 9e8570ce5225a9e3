#pragma once

#include <string_view>
#include <vector>

#include "meeting.h"
#include "sluice/store.h"

/// Meetings and participants as rows of the store.
/// @note Any thread. What the store holds and cannot be read is std::runtime_error: it was written by us.
namespace sluice::meetings {

/// In the order of `read_meeting`, qualified by the alias `m`.
inline constexpr std::string_view kMeetingColumns =
    R"(m."tenant", m."id", m."creator_id", m."creator_name", m."name", m."type", m."status", m."timezone", )"
    R"(m."start_at", m."end_at", m."over_at", m."password_hash", m."details", m."created_at", m."updated_at", )"
    R"(m."version")";
inline constexpr std::size_t kMeetingColumnCount = 16;
[[nodiscard]] Meeting read_meeting(const StoreRow& row);
void insert_meeting(StoreTransaction& store, const Meeting& meeting);
void update_meeting(StoreTransaction& store, const Meeting& meeting);

inline constexpr std::string_view kInvitedColumns =
    R"("id", "meeting_id", "user_id", "email", "name", "role", "status", "joined_at", "left_at", "walk_in")";
[[nodiscard]] Invited read_invited(const StoreRow& row);
[[nodiscard]] std::vector<Invited> read_all_invited(const std::vector<StoreRow>& rows);
/// At the end of the meeting's list.
void insert_invited(StoreTransaction& store, const std::string& tenant, const Invited& invited);
void update_invited(StoreTransaction& store, const std::string& tenant, const Invited& invited);

[[nodiscard]] std::int64_t number(const StoreValue& value);
[[nodiscard]] const std::string& text(const StoreValue& value);
/// The name of an enumerator.
template <class Enum>
[[nodiscard]] std::string name_of(Enum value) {
  return std::string{to_json(value).as_string()};
}
template <class Enum>
[[nodiscard]] Enum enum_of(const StoreValue& value) {
  return from_json<Enum>(json::value(text(value)));
}

}  // namespace sluice::meetings
