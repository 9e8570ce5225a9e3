#pragma once

#include <optional>
#include <string_view>

#include "api/meeting_record.h"
#include "records/engagement.h"
#include "sample.h"
#include "sluice/json.h"

/// What is kept, in the REST API's form.
namespace sluice::analytics {

/// The word for most of the time; nothing: nothing is known.
[[nodiscard]] std::optional<Grade> grade_of(const QualityFigures& figures) noexcept;

/// `{duration_minutes, peak_participants, ..., participant_engagement, connection_quality}`
[[nodiscard]] json::object meeting_report(const MeetingRecord& record);
/// `scale`: what engagement is measured against.
[[nodiscard]] json::object person_report(const PersonRecord& person, const EngagementScale& scale);
[[nodiscard]] EngagementScale scale_of(const MeetingRecord& record);
/// One session: without its people.
[[nodiscard]] json::object session_report(const SessionRow& session);
/// Empty where nothing is known.
[[nodiscard]] json::object quality_report(const QualityFigures& figures);
/// One point of a series.
[[nodiscard]] json::object series_point(std::int64_t at, const QualityFigures& figures);

/// As REST shows lengths.
[[nodiscard]] std::int64_t minutes_of(std::int64_t ms) noexcept;
[[nodiscard]] double seconds_of(std::int64_t ms) noexcept;
/// Two places behind the point.
[[nodiscard]] double rounded(double value) noexcept;

}  // namespace sluice::analytics
