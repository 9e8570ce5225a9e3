#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sluice::videoroom {

struct Context;
class LiveRoom;
class Member;
struct Publication;

/// How much of a room is forwarded (option `last_n`): the audio of those who are the loudest, and the cameras of those
/// who spoke last. Of those who have not spoken the ones count first that published first. Screens, with their sound,
/// and participants that are shown always are forwarded, and take nobody's place.
///
/// The producers of the others are held back: their clients hear of nothing, and a consumer that insists
/// (Consumer::set_insists), as that of somebody who has pinned a participant, gets them all the same.
class LastN {
 public:
  /// `audio`, `video`: how many; 0: all.
  struct Limits {
    int audio = 0;
    int video = 0;
    friend bool operator==(Limits, Limits) = default;
  };

  /// @param own  What the room was made with; missing: the configuration's, which may change.
  LastN(Context& context, LiveRoom& room, std::optional<int> own_audio, std::optional<int> own_video);

  [[nodiscard]] Limits limits() const noexcept { return limits_; }
  /// The configuration has changed.
  void configure();
  /// Something was published, paused, resumed or taken back.
  void publications_changed() { choose_cameras(); }
  /// The participant has taken the lead of the conversation.
  void spoke(const std::string& participant_id);
  /// The participant is shown whoever speaks: it has the spotlight; or no longer.
  void show_always(const std::string& participant_id, bool always);
  void left(const Member& member);

 private:
  void set_loud(const std::string& producer_id, bool loud);
  void choose_cameras();
  [[nodiscard]] std::vector<std::string> by_last_word() const;
  void forward(const Publication& publication, bool forwarded) const;

  Context& context_;
  LiveRoom& room_;
  std::optional<int> own_audio_;
  std::optional<int> own_video_;
  Limits limits_;
  std::vector<std::string> spoken_;  // participant ids, who spoke last first
  std::set<std::string> always_;
};

}  // namespace sluice::videoroom
