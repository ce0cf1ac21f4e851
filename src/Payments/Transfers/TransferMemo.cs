using System.Security.Cryptography;

namespace Decent.Payments.Transfers;

/// <summary>
/// The memo that identifies a transfer on chain. The preimage is stored with its version when the transfer is planned
/// and is never derived again, so a later version changes nothing for transfers that exist.
/// </summary>
/// <param name="Version">Version of the preimage's layout.</param>
/// <param name="Preimage">What was hashed.</param>
/// <param name="Memo">SHA-256 of the preimage.</param>
internal sealed record TransferMemo(short Version, byte[] Preimage, byte[] Memo)
{
    /// <summary>Version 1: the text <c>decent/transfer</c>, the byte 1 and the 16 bytes of the transfer's id.</summary>
    public static TransferMemo OfVersion1(Guid transferId)
    {
        byte[] preimage = [.. "decent/transfer"u8, 1, .. transferId.ToByteArray(bigEndian: true)];
        return new TransferMemo(1, preimage, SHA256.HashData(preimage));
    }
}
