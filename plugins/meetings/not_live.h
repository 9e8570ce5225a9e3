#pragma once

#include <utility>

#include "live.h"

namespace sluice::meetings {

/// Where nobody opens rooms: starting is refused, and nobody is ever in.
class NotLive final : public Live {
 public:
  void start(Meeting, const Identity&, Done done) override {
    done(Error{ErrorCode::feature_not_loaded, "no plugin keeps rooms"});
  }
  void end(Meeting meeting, const Identity&, std::string_view, Done done) override { done(std::move(meeting)); }
  [[nodiscard]] std::vector<LiveParticipant> in_room(std::string_view, std::string_view) const override { return {}; }
  void changed(const Meeting&) override {}
  void invited(const Meeting&, const Invited&, const Identity&) override {}
  void removed(const Meeting&, const Invited&, std::string_view) override {}
  void role_changed(const Meeting&, const Invited&) override {}
  void deactivated(std::string_view, std::string_view) override {}
};

}  // namespace sluice::meetings
