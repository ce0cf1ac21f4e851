namespace Decent.Canister.Client;

/// <summary>Random fractions for waits.</summary>
internal static class Jitter
{
    /// <summary>A number from 0 up to but not including 1.</summary>
    internal static double Next(IRandomBytes random)
    {
        Span<byte> bytes = stackalloc byte[4];
        random.Fill(bytes);
        return BitConverter.ToUInt32(bytes) / (uint.MaxValue + 1.0);
    }
}
