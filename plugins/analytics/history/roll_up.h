#pragma once

#include <map>
#include <vector>

#include "history/bucket.h"
#include "sluice/time.h"

namespace sluice::analytics {

/// Sums up the samples of one session by 10 s, 1 min and 1 h, of each person and of the room. Time is a parameter.
class RollUp {
 public:
  explicit RollUp(SessionId session) noexcept : session_{session} {}

  /// `person` 0 is nobody in particular: the sample counts for the room alone. What is complete by it is added to
  /// `rows`.
  void add(PersonNumber person, const QualitySample& sample, WallTime at, std::vector<QualityRow>& rows);
  /// What is complete by now although nothing has come: of who has left. An hour that is under way is written each
  /// minute, too, so that a crash costs no more than that.
  void sweep(WallTime now, std::vector<QualityRow>& rows);
  /// All that there is. The session is over.
  void finish(std::vector<QualityRow>& rows);

 private:
  struct Open {
    std::int64_t begins = 0;
    Bucket bucket;
  };
  using Series = std::array<Open, kStored.size()>;
  void add_to(PersonNumber person, const QualitySample& sample, std::int64_t at, std::vector<QualityRow>& rows);
  void write(PersonNumber person, std::size_t which, const Open& open, std::vector<QualityRow>& rows) const;

  SessionId session_;
  std::map<PersonNumber, Series> series_;
};

}  // namespace sluice::analytics
