// SPDX-License-Identifier: Apache-2.0
#include "source/slice_cache.hpp"

#include "source/hash.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace misroute {

namespace {

constexpr int k_format = 2;                                 // of the file; user_version in its header
constexpr int k_busy_ms = 2'000;                            // another run may be writing
constexpr std::size_t k_pending_bytes = 4U << 20U;          // written at once
constexpr std::int64_t k_pages = (512LL << 20U) / 4096;     // half a gigabyte; beyond that the older half goes
constexpr Milliseconds k_kept_for = std::chrono::days{100}; // a quarter's report still finds its slices

constexpr char const *k_schema = R"(
create table if not exists slice (
    database text not null,
    series text not null,
    since integer not null,    -- milliseconds since 1970
    until integer not null,
    made integer not null,     -- by the clock of the database
    checksum text not null,    -- of all the others
    cells blob not null,
    primary key (series, since, until)
);
create index if not exists slice_made on slice (made);
)";

std::int64_t number(Instant at)
{
    return at.time_since_epoch().count();
}

std::string checksum_of(SeriesId const &id, CachedSlice const &slice)
{
    return hash_of({id.series, std::to_string(number(slice.window.since)), std::to_string(number(slice.window.until)),
                    slice.bytes});
}

bool is_damage(int code)
{
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

std::string reason()
{
    return std::generic_category().message(errno);
}

bool exists(std::filesystem::path const &path, struct stat &status)
{
    return lstat(path.c_str(), &status) == 0; // of a link, the link itself
}

/// Makes the folder for its owner alone. Returns why nothing may be cached there, or an empty text.
std::string trouble_of_folder(std::filesystem::path const &folder)
{
    std::error_code ignored;
    std::filesystem::create_directories(folder.parent_path(), ignored);
    struct stat status
    {
    };
    if ((mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) || !exists(folder, status)) {
        return reason();
    }
    if (!S_ISDIR(status.st_mode)) {
        return "its folder is a link, or none";
    }
    if (status.st_uid != geteuid()) {
        return "its folder belongs to another user";
    }
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return "others may write into its folder; remove the folder, or set XDG_STATE_HOME";
    }
    return (status.st_mode & (S_IRWXG | S_IRWXO)) == 0 || chmod(folder.c_str(), S_IRWXU) == 0 ? "" : reason();
}

/// The same for the file. It is never opened when it exists: closing it would end locks that SQLite holds.
std::string trouble_of_file(std::filesystem::path const &file)
{
    struct stat status
    {
    };
    if (!exists(file, status)) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX
        int const descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
        auto failed = descriptor < 0 && errno != EEXIST ? reason() : std::string{};
        static_cast<void>(descriptor < 0 ? 0 : close(descriptor));
        if (!failed.empty() || !exists(file, status)) {
            return failed;
        }
    }
    if (!S_ISREG(status.st_mode) || status.st_nlink > 1) {
        return "it is a link, or no file";
    }
    if (status.st_uid != geteuid()) {
        return "it belongs to another user";
    }
    return (status.st_mode & (S_IRWXG | S_IRWXO)) == 0 || chmod(file.c_str(), S_IRUSR | S_IWUSR) == 0 ? "" : reason();
}

/// Hostnames and hashes of keys are nobody else's business, and whoever can write counts can forge a clean report.
std::string made_private(std::filesystem::path const &file)
{
    auto const trouble = trouble_of_folder(file.has_parent_path() ? file.parent_path() : ".");
    return trouble.empty() ? trouble_of_file(file) : trouble;
}

} // namespace

struct SliceCache::File
{
    explicit File(std::string const &path)
        : database{path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, k_busy_ms} // NOLINT(hicpp-signed-bitwise)
    {
        if (format() > k_format) {
            throw SQLite::Exception{"made by a newer misroute", SQLITE_MISMATCH};
        }
        // A lost write costs a count, not the truth: checksums tell.
        database.exec("pragma synchronous = off");
        if (format() < k_format) { // an older one cached other bytes
            SQLite::Transaction transaction{database, SQLite::TransactionBehavior::IMMEDIATE};
            if (format() < k_format) { // and no other run was quicker
                database.exec("drop table if exists slice");
                database.exec(k_schema);
                database.exec(fmt::format("pragma user_version = {}", k_format));
            }
            transaction.commit();
        }
    }

    int format() { return database.execAndGet("pragma user_version").getInt(); }

    SQLite::Database database;
};

struct SliceCache::Pending
{
    SeriesId id;
    CachedSlice slice;
    Instant made;
};

SliceCache::SliceCache(std::string file, Warn warn) : m_path{std::move(file)}, m_warn{std::move(warn)}
{
    open();
    if (m_set_aside) {
        open();
    }
}

SliceCache::~SliceCache()
{
    flush();
}

void SliceCache::open()
{
    if (auto const trouble = made_private(m_path); !trouble.empty()) {
        m_warn(fmt::format("cannot use the cache of counted slices {}: {}; going on without it", m_path, trouble));
        return;
    }
    guarded("open", [&] { m_file = std::make_unique<File>(m_path); });
}

void SliceCache::guarded(char const *what, std::function<void()> const &work)
{
    try {
        work();
    } catch (SQLite::Exception const &error) {
        if (is_damage(error.getErrorCode())) {
            set_aside(error.what());
            return;
        }
        m_file.reset();
        m_warn(fmt::format("cannot {} the cache of counted slices {}: {}; going on without it", what, m_path,
                           error.what()));
    }
}

void SliceCache::set_aside(std::string const &why)
{
    m_file.reset();
    m_pending.clear();
    std::error_code error;
    std::filesystem::rename(m_path, m_path + ".damaged", error);
    m_set_aside = !error;
    m_warn(error ? fmt::format("the cache of counted slices {} is damaged ({}) and cannot be moved away: {}", m_path,
                               why, error.message())
                 : fmt::format("the cache of counted slices is damaged ({}) and was set aside as {}.damaged", why,
                               m_path));
}

std::vector<CachedSlice> SliceCache::load(SeriesId const &id, Window const &within)
{
    std::vector<CachedSlice> cached;
    if (!m_file) {
        return cached;
    }
    bool intact = true;
    guarded("read", [&] {
        SQLite::Statement query{m_file->database,
                                "select since, until, cells, checksum from slice "
                                "where series = ? and since >= ? and until <= ? order by since, until desc"};
        query.bind(1, id.series);
        query.bind(2, number(within.since));
        query.bind(3, number(within.until));
        Instant reached = within.since;
        while (intact && query.executeStep()) {
            CachedSlice slice{{Instant{Milliseconds{query.getColumn(0).getInt64()}},
                               Instant{Milliseconds{query.getColumn(1).getInt64()}}},
                              query.getColumn(2).getString()};
            intact = checksum_of(id, slice) == query.getColumn(3).getString();
            if (slice.window.since >= reached) {
                reached = slice.window.until;
                cached.push_back(std::move(slice));
            }
        }
    });
    if (!intact) {
        set_aside("a checksum is wrong");
    }
    return m_file ? std::move(cached) : std::vector<CachedSlice>{};
}

void SliceCache::keep(SeriesId const &id, CachedSlice slice, Instant now)
{
    if (!m_file) {
        return;
    }
    m_pending_bytes += slice.bytes.size();
    m_pending.push_back({id, std::move(slice), now});
    if (m_pending_bytes > k_pending_bytes) {
        flush();
    }
}

void SliceCache::flush()
{
    auto const pending = std::exchange(m_pending, {});
    m_pending_bytes = 0;
    if (!m_file || pending.empty()) {
        return;
    }
    guarded("write", [&] {
        auto &database = m_file->database;
        SQLite::Transaction transaction{database, SQLite::TransactionBehavior::IMMEDIATE};
        SQLite::Statement forget{database, "delete from slice where series = ? and since >= ? and until <= ?"};
        SQLite::Statement insert{database, "insert into slice (database, series, since, until, made, checksum, cells) "
                                           "values (?, ?, ?, ?, ?, ?, ?)"};
        for (auto const &[id, slice, made] : pending) {
            auto const since = number(slice.window.since);
            auto const until = number(slice.window.until);
            SQLite::bind(forget, id.series, since, until);
            forget.exec();
            forget.reset();
            SQLite::bind(insert, id.database, id.series, since, until, number(made), checksum_of(id, slice));
            insert.bind(7, slice.bytes.data(), static_cast<int>(slice.bytes.size()));
            insert.exec();
            insert.reset();
        }
        SQLite::Statement expire{database, "delete from slice where made < ?"};
        expire.bind(1, number(pending.back().made - k_kept_for));
        expire.exec();
        if (database
                .execAndGet("select (select page_count from pragma_page_count()) - "
                            "(select freelist_count from pragma_freelist_count())")
                .getInt64() > k_pages) {
            database.exec("delete from slice where made <= (select made from slice order by made "
                          "limit 1 offset (select count(*) / 2 from slice))");
        }
        transaction.commit();
    });
}

void SliceCache::forget_after(SeriesId const &id, Instant now)
{
    if (!m_file) {
        return;
    }
    guarded("read", [&] {
        auto &database = m_file->database;
        SQLite::Statement later{database, "select exists (select 1 from slice where database = ? and made > ?)"};
        SQLite::bind(later, id.database, number(now));
        if (later.executeStep() && later.getColumn(0).getInt() != 0) {
            SQLite::Statement forget{database, "delete from slice where database = ? and made > ?"};
            SQLite::bind(forget, id.database, number(now));
            forget.exec();
        }
    });
}

} // namespace misroute
