using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Decent.Replica.Time;

/// <summary>
/// The business clock of the sandbox: machine time plus an offset that all processes share through one 8-byte file.
/// Only <see cref="GetUtcNow"/> moves; timestamps and timers stay with the machine, so that leases and time-outs keep
/// their real length.
/// </summary>
/// <remarks>The offset only grows. Reading it is one aligned 8-byte load, so no process sees half a step.</remarks>
public sealed class SandboxClock : TimeProvider, IDisposable
{
    private const int FileLength = sizeof(long);

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly TimeProvider machine;

    /// <summary>Opens the shared clock, creating it with offset zero when it does not exist.</summary>
    /// <param name="path">The clock file.</param>
    /// <param name="machine">The machine's clock; the system's own unless a test says otherwise.</param>
    /// <exception cref="IOException">The file cannot be opened or created.</exception>
    public SandboxClock(string path, TimeProvider? machine = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.machine = machine ?? System;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } directory)
        {
            Directory.CreateDirectory(directory);
        }

        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        try
        {
            if (stream.Length < FileLength)
            {
                stream.SetLength(FileLength);
            }

            file = MemoryMappedFile.CreateFromFile(
                stream,
                null,
                FileLength,
                MemoryMappedFileAccess.ReadWrite,
                HandleInheritability.None,
                leaveOpen: false);
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        view = file.CreateViewAccessor(0, FileLength);
    }

    /// <summary>How far business time is ahead of the machine.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(ReadOffset());

    /// <inheritdoc />
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc />
    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow().AddTicks(ReadOffset());

    /// <inheritdoc />
    public override long GetTimestamp() => machine.GetTimestamp();

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>Moves business time forward for every process that shares the file.</summary>
    /// <param name="by">How far; never negative.</param>
    /// <returns>Business time afterwards.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    public DateTimeOffset Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        AddOffset(by.Ticks);
        return GetUtcNow();
    }

    /// <summary>Moves business time forward to an instant; an instant already passed changes nothing.</summary>
    /// <param name="instant">The wanted business time.</param>
    /// <returns>Business time afterwards.</returns>
    public DateTimeOffset AdvanceTo(DateTimeOffset instant)
    {
        var missing = instant - GetUtcNow();
        return missing > TimeSpan.Zero ? Advance(missing) : GetUtcNow();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }

    private unsafe long ReadOffset()
    {
        SafeMemoryMappedViewHandle handle = view.SafeMemoryMappedViewHandle;
        byte* start = null;
        handle.AcquirePointer(ref start);
        try
        {
            return Volatile.Read(ref *(long*)start);
        }
        finally
        {
            handle.ReleasePointer();
        }
    }

    private unsafe void AddOffset(long ticks)
    {
        SafeMemoryMappedViewHandle handle = view.SafeMemoryMappedViewHandle;
        byte* start = null;
        handle.AcquirePointer(ref start);
        try
        {
            // Processor-wide atomic, hence also between processes that map the same page.
            Interlocked.Add(ref *(long*)start, ticks);
        }
        finally
        {
            handle.ReleasePointer();
        }
    }
}
