#pragma once

#include <string>
#include <vector>

#include "context.h"
#include "repository.h"
#include "sluice/timers.h"

namespace sluice::chat {

/// Deletes what is over: conversations that ended with their rooms or whose meetings were deleted, messages after the
/// retention time, files that nobody has. In small units, so that who writes meanwhile need not wait.
class Upkeep {
 public:
  static constexpr std::chrono::minutes kInterval{10};
  /// How long a file may wait to be uploaded and sent.
  static constexpr std::chrono::hours kForgottenAfter{1};

  explicit Upkeep(Context& context) : context_{context} {}

  /// Begins, with what an earlier process has left.
  void start();
  /// Deletes all that belongs to the conversation.
  void erase(const Where& where);
  void remove_doomed_files();

 private:
  void erase_marked();
  void sweep();
  void delete_old_messages();
  void unlink(const std::vector<std::string>& file_ids);

  Context& context_;
  bool erasing_ = false;
  bool removing_ = false;
  bool remove_again_ = false;  ///< something was doomed while the last ones were removed
  Timer timer_;
};

}  // namespace sluice::chat
