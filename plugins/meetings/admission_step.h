#pragma once

#include <memory>
#include <optional>

#include "context.h"
#include "join_desk.h"
#include "join_pass.h"
#include "live_meetings.h"
#include "sluice/contracts/admission.h"
#include "sluice/lifeline.h"

namespace sluice::meetings {

/// The meetings' step at the door of a room: whoever joins a meeting's room needs a join token, an invitation or the
/// password, and is what the record makes of him. Rooms that are no meetings are not its business, unless
/// `only_meetings` says so.
class AdmissionStep {
 public:
  static constexpr int kOrder = 100;

  AdmissionStep(Context& context, JoinDesk& desk, LiveMeetings& live, Rooms& rooms, Admission& admission);

 private:
  /// Who somebody is at this door: the client, or whom its token names.
  struct Visitor {
    Identity who;
    std::optional<JoinPass> pass;
  };
  [[nodiscard]] Visitor identify(const JoinRequest& request) const;
  void decide(JoinRequest& request, AdmissionTicket ticket);
  void found(const Visitor& visitor, Result<JoinCase, Error> wish, AdmissionTicket ticket);
  void no_meeting(const Visitor& visitor, const Error& error, AdmissionTicket ticket) const;
  [[nodiscard]] static Role role_of(const Visitor& visitor, const JoinCase& wish, const JoinVerdict& verdict);
  void let_in(const Visitor& visitor, const JoinCase& wish, const JoinVerdict& verdict, AdmissionTicket ticket);
  void begin(const Visitor& visitor, const Meeting& meeting, AdmissionTicket ticket);

  Context& context_;
  JoinDesk& desk_;
  LiveMeetings& live_;
  Rooms& rooms_;
  Lifeline lifeline_;
  std::unique_ptr<Admission::Registration> registration_;
};

}  // namespace sluice::meetings
