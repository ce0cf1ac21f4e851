namespace Decent.Sandbox.Emulators.ICPay;

/// <summary>ICPay's memo: <c>(account &lt;&lt; 32) | intent</c>, little-endian, trailing zero bytes cut, never
/// empty.</summary>
internal static class ICPayMemo
{
    /// <summary>Packs a memo.</summary>
    public static byte[] Pack(uint account, uint intentCode)
    {
        var value = ((ulong)account << 32) | intentCode;
        var bytes = new List<byte>();
        do
        {
            bytes.Add((byte)(value & 0xff));
            value >>= 8;
        }
        while (value != 0);
        return [.. bytes];
    }
}
