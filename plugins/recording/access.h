#pragma once

#include <optional>
#include <string>

#include "context.h"
#include "record.h"
#include "sluice/identity.h"

namespace sluice::recording {

/// Who may see a recording: who has started it, who was there, and who may see its meeting. To others it does not
/// exist. Who may delete it: who has started it, who has moderated there, and who may manage its meeting.
class Access {
 public:
  enum class Need : std::uint8_t { see, remove };
  /// Error: `not_found`, `permission_denied` for who may see it only.
  using Found = Function<void(Result<Record, Error>)>;

  explicit Access(Context& context) : context_{context} {}

  void find(const Identity& caller, const std::string& id, Need need, Found found);

 private:
  void ask_meeting(const Identity& caller, const Record& record, Need need, bool sees, Found found);

  Context& context_;
};

[[nodiscard]] Error no_such_recording();

}  // namespace sluice::recording
