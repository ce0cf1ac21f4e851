using System.Numerics;
using System.Runtime.InteropServices;
using Decent.Ledger;

namespace Decent.Payments.Contracts;

/// <summary>
/// The one window of service that pricing, releases and refunds share. What is earned grows with time inside it and is
/// always computed from the whole, so no error adds up from slice to slice.
/// </summary>
/// <param name="Start">First instant of service.</param>
/// <param name="End">First instant after it; later than <paramref name="Start" />.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ServiceWindow(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>
    /// What of a payment is earned at an instant: <c>floor(paid × (clamp(at) − start) ÷ (end − start))</c>. The floor
    /// is for the renter's benefit until the end, where everything is earned.
    /// </summary>
    /// <param name="paid">The whole payment, at least zero.</param>
    /// <param name="at">The instant.</param>
    public Money Earned(Money paid, DateTimeOffset at)
    {
        var inside = at <= Start ? Start : at >= End ? End : at;
        return paid.FloorShare(new BigInteger((inside - Start).Ticks), new BigInteger((End - Start).Ticks));
    }

    /// <summary>
    /// The last end of a slot not after an instant and not after the end of service; slots start at the epoch.
    /// </summary>
    /// <param name="at">The instant.</param>
    /// <param name="slot">Length of a slot, whole seconds.</param>
    public DateTimeOffset SlotEnd(DateTimeOffset at, TimeSpan slot)
    {
        if (at >= End)
        {
            return End;
        }

        var since = at - DateTimeOffset.UnixEpoch;
        return DateTimeOffset.UnixEpoch + TimeSpan.FromTicks(since.Ticks - (since.Ticks % slot.Ticks));
    }
}
