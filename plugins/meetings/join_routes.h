#pragma once

#include <string>

#include "context.h"
#include "join_desk.h"
#include "join_pass.h"
#include "live_meetings.h"
#include "meeting_call.h"
#include "sluice/lifeline.h"
#include "webrtc_config.h"

namespace sluice::meetings {

/// The body of `POST {id}/join`.
struct JoinBody {
  static constexpr bool kSnakeCase = true;
  std::optional<Text<256>> participant_name;
  std::optional<Text<256>> meeting_password;
  std::optional<json::object> device_info;  ///< what the client says of its device; not kept
};
BOOST_DESCRIBE_STRUCT(JoinBody, (), (participant_name, meeting_password, device_info))

/// The body of `POST {id}/validate-access`.
struct AccessBody {
  static constexpr bool kSnakeCase = true;
  /// Somebody else, whom those who manage the meeting may ask about.
  struct User {
    static constexpr bool kSnakeCase = true;
    std::optional<Text<256>> user_id;  ///< missing, and no address: somebody without an account
    std::optional<Text<256>> email;
  };
  std::optional<User> user;  ///< missing: the caller
};
BOOST_DESCRIBE_STRUCT(AccessBody::User, (), (user_id, email))
BOOST_DESCRIBE_STRUCT(AccessBody, (), (user))

/// `POST {id}/join`, which hands out a token for the meeting's room, and `POST {id}/validate-access`, which only says
/// whether it would.
class JoinRoutes {
 public:
  JoinRoutes(Context& context, JoinDesk& desk, LiveMeetings& live, const WebRtcConfig& webrtc)
      : context_{context}, desk_{desk}, live_{live}, webrtc_{webrtc} {}

  void serve();

 private:
  void join(const rest::Call<JoinBody>& call, rest::Reply reply);
  void admit(const Identity& who, const JoinCase& wish, const JoinVerdict& verdict, const Answer& answer);
  void validate(const rest::Call<AccessBody>& call, rest::Reply reply);
  void validate_other(const rest::Call<AccessBody>& call, rest::Reply reply);
  void answer_verdict(const JoinCase& wish, const Identity& who, const Answer& answer) const;
  /// Who somebody is in the meeting: as he came, or as a guest of the name that he gives.
  [[nodiscard]] Identity newcomer(const Identity& caller, const JoinBody& body) const;

  Context& context_;
  JoinDesk& desk_;
  LiveMeetings& live_;
  const WebRtcConfig& webrtc_;
  Lifeline lifeline_;
};

}  // namespace sluice::meetings
