using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Execution;

namespace Decent.Replica.Tests.Execution;

/// <summary>The log of updates survives crashes in the middle of a write and nothing else.</summary>
public sealed class UpdateLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("decent-log").FullName;

    private string LogPath => Path.Combine(folder, "updates.log");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_was_appended_is_read_back()
    {
        Write([Record(1), Record(2)], [Record(3)]);
        Assert.Equal([1UL, 2UL, 3UL], Read());
    }

    [Fact]
    public void A_frame_cut_short_at_any_byte_is_dropped_whole_and_the_log_goes_on()
    {
        Write([Record(1)], [Record(2), Record(3)]);
        var whole = File.ReadAllBytes(LogPath);
        Write([Record(4)]);
        var longer = File.ReadAllBytes(LogPath).Length;
        for (var length = whole.Length; length < longer; length++)
        {
            File.WriteAllBytes(LogPath, [.. whole]);
            Write([Record(4)]);
            using (var file = new FileStream(LogPath, FileMode.Open))
            {
                file.SetLength(length);
            }

            Assert.Equal([1UL, 2UL, 3UL], Read());
            Write([Record(5)]);
            Assert.Equal([1UL, 2UL, 3UL, 5UL], Read());
        }
    }

    [Fact]
    public void A_last_frame_with_wrong_bytes_is_dropped()
    {
        Write([Record(1)], [Record(2)]);
        var bytes = File.ReadAllBytes(LogPath);
        bytes[^1] ^= 1;
        File.WriteAllBytes(LogPath, bytes);
        Assert.Equal([1UL], Read());
    }

    [Fact]
    public void Damage_before_the_end_refuses_to_open()
    {
        Write([Record(1)]);
        var first = File.ReadAllBytes(LogPath).Length;
        Write([Record(2)]);
        var bytes = File.ReadAllBytes(LogPath);
        bytes[first - 1] ^= 1;
        File.WriteAllBytes(LogPath, bytes);
        Assert.Throws<InvalidDataException>(() => Read());
        Assert.Equal(bytes, File.ReadAllBytes(LogPath));
    }

    [Fact]
    public void A_file_of_something_else_refuses_to_open_and_stays_as_it_is()
    {
        File.WriteAllText(LogPath, "somebody's diary, longer than a header");
        Assert.Throws<InvalidDataException>(() => Read());
        Assert.Equal("somebody's diary, longer than a header", File.ReadAllText(LogPath));
    }

    private static UpdateRecord Record(ulong number) => new(
        number,
        new RequestId(new byte[32]),
        number + 1,
        UpdateFlags.None,
        Principal.Anonymous,
        WellKnownCanisters.IcpLedger,
        "icrc1_transfer",
        [1, 2, 3]);

    private void Write(params UpdateRecord[][] frames)
    {
        using var log = UpdateLog.Open(LogPath, out _);
        foreach (var frame in frames)
        {
            log.Append(frame);
        }
    }

    private ulong[] Read()
    {
        using var log = UpdateLog.Open(LogPath, out var records);
        return [.. records.Select(static r => r.TimeNs)];
    }
}
