// SPDX-License-Identifier: Apache-2.0
//
// Counts of slices that will not change any more, in an SQLite file. It only ever saves work: whatever goes wrong with
// it is said once, and the database is asked instead. Several runs may share one file.
#pragma once

#include "misroute/model/time.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// What a count is of. Two counts with the same `series` and bounds are the same count.
struct SeriesId
{
    std::string database; ///< which log; all of its counts are dropped when its clock was set back
    std::string series;   ///< and how it is counted: by which version, statement, tags, width of buckets, filter
};

/// One kept count; `bytes` as of slice_bytes.hpp.
struct CachedSlice
{
    Window window;
    std::string bytes;
};

class SliceCache
{
public:
    using Warn = std::function<void(std::string const &)>;

    /// Opens or makes the file, readable by this user alone, in a folder of the same kind. A damaged one is set aside
    /// with a warning; one that cannot be used, that is a link, or that others own or may write, is a warning.
    SliceCache(std::string file, Warn warn);
    ~SliceCache();
    SliceCache(SliceCache const &) = delete;
    SliceCache &operator=(SliceCache const &) = delete;

    /// Kept counts inside of `within`, in order of time, none overlapping another.
    std::vector<CachedSlice> load(SeriesId const &id, Window const &within);

    /// Replaces what is kept inside of the bounds of `slice`. Written when enough has come together, and at the end.
    void keep(SeriesId const &id, CachedSlice slice, Instant now);

    /// Writes what is still to be written.
    void flush();

    /// Counts of this database made later than `now` were made by a clock that was wrong.
    void forget_after(SeriesId const &id, Instant now);

    /// The bytes of a kept slice could not be read: nothing of the file can be trusted.
    void set_aside(std::string const &why);

private:
    struct File;
    struct Pending;
    void guarded(char const *what, std::function<void()> const &work);
    void open();

    std::string m_path;
    Warn m_warn;
    std::unique_ptr<File> m_file; ///< nothing once it is not used any more
    bool m_set_aside = false;
    std::vector<Pending> m_pending;
    std::size_t m_pending_bytes = 0;
};

} // namespace misroute
