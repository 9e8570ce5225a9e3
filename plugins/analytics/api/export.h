#pragma once

#include <memory>

#include "api/context.h"
#include "api/queries.h"
#include "sluice/rest.h"

namespace sluice::analytics {

enum class ExportFormat : std::uint8_t { csv, json };
BOOST_DESCRIBE_ENUM(ExportFormat, csv, json)
enum class ExportContent : std::uint8_t { participants, timeline, quality };
BOOST_DESCRIBE_ENUM(ExportContent, participants, timeline, quality)

/// The query of an export.
struct ReadExport {
  static constexpr bool kSnakeCase = true;
  std::optional<ExportFormat> format;
  std::optional<ExportContent> content;
  std::optional<Text<4>> resolution;  ///< of `quality`
  std::optional<std::int64_t> session;
};
BOOST_DESCRIBE_STRUCT(ReadExport, (), (format, content, resolution, session))

/// All that is kept of some sessions, as a file. Read and written page by page, so that nobody waits for it.
class Exporter {
 public:
  /// Of the file; what is beyond it is left out, and the answer's header `Sluice-Truncated` says so.
  static constexpr std::size_t kMostBytes = std::size_t{32} << 20;
  static constexpr std::int64_t kRowsPerPage = 2'000;
  /// More at a time are refused: each may grow to kMostBytes.
  static constexpr int kMostAtOnce = 4;

  explicit Exporter(Api& api) : api_{api} {}
  /// Throws Error: invalid_payload, rate_limited.
  void answer(const ReadExport& query, const SessionFilter& where, const Room* room, rest::Reply reply);

 private:
  struct Draft;
  void read_page(std::shared_ptr<Draft> draft);

  Api& api_;
  // Owners: this, and each export that is being made: their number.
  std::shared_ptr<const char> share_ = std::make_shared<const char>('\0');
};

}  // namespace sluice::analytics
