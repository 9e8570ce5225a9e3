#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "feature_notice.h"
#include "guest_list.h"
#include "last_n.h"
#include "media_notice.h"
#include "member.h"
#include "presence.h"
#include "screen_shares.h"
#include "sluice/contracts/admission.h"
#include "sluice/contracts/rooms.h"
#include "sluice/media.h"
#include "sluice/secret.h"
#include "sluice/timers.h"
#include "speakers.h"
#include "spotlight.h"

namespace sluice::videoroom {

struct Context;
class RoomTable;
struct Publication;

/// A room: its participants in the order in which they came, one router, and what is published in it.
class LiveRoom final : public Room {
 public:
  /// Users who left while they were muted, and who are when they come back; and those whose role was changed here.
  static constexpr std::size_t kMaxRememberedUsers = 10'000;

  /// @param owner  The user who made it, and who is its host; empty: nobody.
  LiveRoom(Context& context, RoomTable& table, RoomOptions options, std::string owner);
  ~LiveRoom() override;

  // Room
  [[nodiscard]] const std::string& id() const noexcept override { return options_.id; }
  [[nodiscard]] const std::string& name() const noexcept override { return options_.name; }
  [[nodiscard]] const std::string& tenant() const noexcept override { return options_.tenant; }
  [[nodiscard]] std::size_t size() const noexcept override { return members_.size(); }
  [[nodiscard]] std::vector<Participant*> participants() override;
  [[nodiscard]] Member* find(std::string_view participant_id) noexcept override;
  [[nodiscard]] const RoomPolicy& policy() const noexcept override { return options_.policy; }
  void set_policy(RoomPolicy policy) override;
  void expect(ExpectedUser user) override;
  void no_longer_expect(const ExpectedUser& user) override;
  [[nodiscard]] const ExpectedUser* expected(const Identity& identity) const noexcept override {
    return guests_.expected(identity);
  }
  void ban(const std::string& user_id) override { guests_.ban(user_id); }
  void broadcast(std::string_view event, json::value data, const Participant* except = nullptr) override;
  void close(std::string_view reason) override;

  [[nodiscard]] const std::string& owner() const noexcept { return owner_; }
  [[nodiscard]] WallTime created_at() const noexcept { return created_at_; }
  /// Whoever shows it joins as host.
  [[nodiscard]] const Secret& join_token() const noexcept { return join_token_; }
  [[nodiscard]] std::size_t max_participants() const noexcept;
  [[nodiscard]] bool full() const noexcept { return size() >= max_participants(); }
  [[nodiscard]] bool banned(const std::string& user_id) const { return guests_.banned(user_id); }
  [[nodiscard]] Permissions permissions() const noexcept;
  /// Somebody has given the user another role: coming back does not undo it.
  void remember_role(const std::string& user_id, Role role);
  [[nodiscard]] std::optional<Role> assigned_role(const std::string& user_id) const;
  /// All get `room:locked {locked, by}` where it was not so.
  void set_locked(bool locked, const json::value& by);
  [[nodiscard]] FeatureNotice& feature_notice() noexcept { return feature_notice_; }
  [[nodiscard]] MediaNotice& media_notice() noexcept { return media_notice_; }

  [[nodiscard]] Router& router() noexcept { return *router_; }
  [[nodiscard]] Presence& presence() noexcept { return presence_; }
  [[nodiscard]] ScreenShares& screen_shares() noexcept { return screen_shares_; }
  [[nodiscard]] Speakers& speakers() noexcept { return speakers_; }
  [[nodiscard]] const Speakers& speakers() const noexcept { return speakers_; }
  [[nodiscard]] LastN& last_n() noexcept { return last_n_; }
  [[nodiscard]] const LastN& last_n() const noexcept { return last_n_; }
  [[nodiscard]] Spotlight& spotlight() noexcept { return spotlight_; }
  [[nodiscard]] const Spotlight& spotlight() const noexcept { return spotlight_; }
  /// Who is shown first has changed: everybody's bandwidth is to be shared otherwise.
  void weigh_consumers();
  /// Who leads the conversation; null: nobody.
  [[nodiscard]] Member* dominant_speaker() const { return speakers_.dominant(); }

  /// `{roomId, name, size, maxParticipants, locked, info?}`
  [[nodiscard]] json::object summary() const;
  /// Summaries of `limit` participants from the `offset`th on, eldest first.
  [[nodiscard]] json::array members_page(std::size_t offset, std::size_t limit) const;
  [[nodiscard]] std::vector<Member*> members() const;

  // What is published here, by producer id. Entered by the one who publishes.
  void add_publication(Publication& publication);
  void remove_publication(const std::string& producer_id);
  /// One of them was paused or resumed.
  void publications_changed();
  [[nodiscard]] Publication* find_publication(const std::string& producer_id) noexcept;
  [[nodiscard]] std::size_t publication_count() const noexcept { return publications_.size(); }
  /// Oldest first.
  [[nodiscard]] const std::map<std::uint64_t, Publication*>& publications_by_age() const noexcept {
    return publications_;
  }
  [[nodiscard]] json::array publications() const;

  // For the table, which keeps the account of who is where.
  Member& add(std::unique_ptr<Member> member);
  [[nodiscard]] std::unique_ptr<Member> take_out(const Member& member);
  /// The room has said its last word: no broadcast reaches anybody any more.
  void fall_silent() noexcept { silent_ = true; }
  /// Starts to count the time that an empty room stays.
  void watch_emptiness();

 private:
  void remember_mute(Member& member);

  Context& context_;
  RoomTable& table_;
  RoomOptions options_;
  std::string owner_;
  Secret join_token_;
  std::unique_ptr<Router> router_;
  std::uint64_t next_number_ = 0;
  std::map<std::uint64_t, std::unique_ptr<Member>> members_;   // by order of arrival
  std::map<std::string, std::uint64_t, std::less<>> numbers_;  // participant id to key of members_
  std::uint64_t next_publication_ = 0;
  std::map<std::uint64_t, Publication*> publications_;                  // by age
  std::unordered_map<std::string, std::uint64_t> publication_numbers_;  // producer id to key of publications_
  GuestList guests_;
  std::map<std::string, std::set<MuteKind>> muted_users_;  // by user id: of those who have left
  std::map<std::string, Role> assigned_roles_;             // by user id
  Presence presence_;
  ScreenShares screen_shares_;
  Speakers speakers_;
  LastN last_n_;
  Spotlight spotlight_;
  FeatureNotice feature_notice_;
  MediaNotice media_notice_;
  Timer empty_timer_;
  bool silent_ = false;
  WallTime created_at_;
};

}  // namespace sluice::videoroom
