#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/contracts/rooms.h"
#include "sluice/error.h"
#include "sluice/function.h"
#include "sluice/http.h"
#include "sluice/rest.h"
#include "sluice/result.h"

/// The contract of the plugin that keeps the records of meetings, for those who hold other data of a meeting (its chat,
/// its recordings, its analytics).
/// @note Control thread only.
namespace sluice {

/// What others need to know of a meeting; a copy.
struct MeetingInfo {
  std::string id;
  std::string tenant;
  std::string room_id;  ///< of the room that is or was open for it: the meeting's id
  std::string name;
  std::string host_user_id;
  json::object recording_config;  ///< as the REST API has it: `{auto_record, record_video, ...}`
};

/// What a caller of the REST API is to a meeting.
enum class MeetingAccess : std::uint8_t {
  participant,  ///< may see it: host, invited, or has taken part
  moderator     ///< may manage it: host, co-host, or an administrator by token
};

/// The service `sluice.meetings`.
class Meetings {
 public:
  static constexpr std::string_view kService = "sluice.meetings/1";

  virtual ~Meetings() = default;

  /// The meeting, if the caller may do this; Error{not_found} where there is none or it may not even be seen,
  /// Error{permission_denied}, Error{unauthorized} for who has shown no token.
  using Found = Function<void(Result<MeetingInfo, Error>)>;
  virtual void find(const Identity& caller, std::string_view meeting_id, MeetingAccess access, Found found) = 0;
  /// The meeting whose room this is, if it is one.
  [[nodiscard]] virtual std::optional<MeetingInfo> meeting_of(Room& room) = 0;

  /// Answers to `GET /api/meeting/{id}/<part>` (and what stands below it), which answers FEATURE_NOT_LOADED until
  /// somebody does. The caller's right to see the meeting has been checked.
  using PartHandler = Function<void(const HttpRequest&, const MeetingInfo&, rest::Reply)>;
  class Registration {
   public:
    virtual ~Registration() = default;
  };
  /// @param part  `chat`, `recordings`, `analytics`, `live-stats`: see docs/rest-api.md. One at a time: throws
  ///              std::logic_error.
  [[nodiscard]] virtual std::unique_ptr<Registration> provide_part(std::string_view part, PartHandler handler) = 0;
  /// A number for a part of somebody else's answer: `final_stats.total_chat_messages`. Called when it is needed.
  using Figure = Function<json::value(const MeetingInfo&)>;
  [[nodiscard]] virtual std::unique_ptr<Registration> provide_figure(std::string_view name, Figure figure) = 0;
};

// Events on the bus. References are valid during the call.

/// Its room is open.
struct MeetingStarted {
  static constexpr std::string_view kTopic = "sluice.meetings/1:started";
  const MeetingInfo& meeting;
  Room& room;
};
/// Its room is closed or about to be; the final statistics are being written.
struct MeetingEnded {
  static constexpr std::string_view kTopic = "sluice.meetings/1:ended";
  const MeetingInfo& meeting;
};
/// Deleted for good: what belongs to it goes, too.
struct MeetingDeleted {
  static constexpr std::string_view kTopic = "sluice.meetings/1:deleted";
  const MeetingInfo& meeting;
};

}  // namespace sluice
