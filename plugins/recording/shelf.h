#pragma once

#include <memory>
#include <string>
#include <vector>

#include "context.h"
#include "record.h"

namespace sluice::recording {

/// Brings what a production has made into the storage, and out of it again.
class Shelf {
 public:
  static constexpr std::size_t kMostFiles = 16;
  using Kept = Function<void(Result<std::vector<KeptFile>, Error>)>;

  explicit Shelf(Context& context) : context_{context} {}

  /// One file after the other. Where one cannot be stored, those before it are removed again. What the production says
  /// of its files is not trusted: Error{internal} for names that are none, and for types that browsers run.
  void keep(const Record& record, const std::vector<ProductFile>& files, Kept done);
  /// All of them; an Error where one could not be removed.
  void remove(const std::vector<KeptFile>& files, Function<void(Result<Ok, Error>)> done);

 private:
  struct Work;
  void keep_next(std::shared_ptr<Work> work);
  void remove_next(std::shared_ptr<Work> work);

  Context& context_;
};

}  // namespace sluice::recording
