#pragma once

#include <string>

#include "context.h"
#include "meeting_call.h"
#include "sluice/lifeline.h"

namespace sluice::meetings {

/// `GET` and `PUT {id}/security-policy`.
class PolicyRoutes {
 public:
  explicit PolicyRoutes(Context& context) : context_{context} {}

  void serve();

 private:
  void answer_policy(const Meeting& meeting, const Answer& answer, std::string_view message) const;
  void put(const Asked& asked, SecurityPolicy policy, const Answer& answer);

  Context& context_;
  Lifeline lifeline_;
};

}  // namespace sluice::meetings
