package dev.latchkey.turn;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The methods of the Bot API (version 9.3) by their names, for what is counted by method: callers may invent any number of others. */
final class KnownMethods {

    private static final String OTHERS = "unknown";

    private static final Map<String, String> NAMES = Arrays.stream("""
            getUpdates setWebhook deleteWebhook getWebhookInfo getMe logOut close sendMessage forwardMessage forwardMessages copyMessage copyMessages sendPhoto
            sendAudio sendDocument sendVideo sendAnimation sendVoice sendVideoNote sendPaidMedia sendMediaGroup sendLocation sendVenue sendContact sendPoll sendChecklist sendDice
            sendMessageDraft sendChatAction setMessageReaction getUserProfilePhotos setUserEmojiStatus getFile banChatMember unbanChatMember restrictChatMember promoteChatMember
            setChatAdministratorCustomTitle banChatSenderChat unbanChatSenderChat setChatPermissions exportChatInviteLink createChatInviteLink editChatInviteLink
            createChatSubscriptionInviteLink editChatSubscriptionInviteLink revokeChatInviteLink approveChatJoinRequest declineChatJoinRequest setChatPhoto deleteChatPhoto
            setChatTitle setChatDescription pinChatMessage unpinChatMessage unpinAllChatMessages leaveChat getChat getChatAdministrators getChatMemberCount getChatMember
            setChatStickerSet deleteChatStickerSet getForumTopicIconStickers createForumTopic editForumTopic closeForumTopic reopenForumTopic deleteForumTopic
            unpinAllForumTopicMessages editGeneralForumTopic closeGeneralForumTopic reopenGeneralForumTopic hideGeneralForumTopic unhideGeneralForumTopic
            unpinAllGeneralForumTopicMessages answerCallbackQuery getUserChatBoosts getBusinessConnection setMyCommands deleteMyCommands getMyCommands setMyName getMyName
            setMyDescription getMyDescription setMyShortDescription getMyShortDescription setChatMenuButton getChatMenuButton setMyDefaultAdministratorRights
            getMyDefaultAdministratorRights getAvailableGifts sendGift giftPremiumSubscription verifyUser verifyChat removeUserVerification removeChatVerification
            readBusinessMessage deleteBusinessMessages setBusinessAccountName setBusinessAccountUsername setBusinessAccountBio setBusinessAccountProfilePhoto
            removeBusinessAccountProfilePhoto setBusinessAccountGiftSettings getBusinessAccountStarBalance transferBusinessAccountStars getBusinessAccountGifts getUserGifts
            getChatGifts convertGiftToStars upgradeGift transferGift postStory repostStory editStory deleteStory editMessageText editMessageCaption editMessageMedia
            editMessageLiveLocation stopMessageLiveLocation editMessageChecklist editMessageReplyMarkup stopPoll approveSuggestedPost declineSuggestedPost deleteMessage
            deleteMessages sendSticker getStickerSet getCustomEmojiStickers uploadStickerFile createNewStickerSet addStickerToSet setStickerPositionInSet deleteStickerFromSet
            replaceStickerInSet setStickerEmojiList setStickerKeywords setStickerMaskPosition setStickerSetTitle setStickerSetThumbnail setCustomEmojiStickerSetThumbnail
            deleteStickerSet answerInlineQuery answerWebAppQuery savePreparedInlineMessage sendInvoice createInvoiceLink answerShippingQuery answerPreCheckoutQuery
            getMyStarBalance getStarTransactions refundStarPayment editUserStarSubscription setPassportDataErrors sendGame setGameScore getGameHighScores
            """.split("\\s+"))
            .collect(Collectors.toUnmodifiableMap(name -> name.toLowerCase(Locale.ROOT), name -> name));

    private KnownMethods() {}

    /** @param lower in lower case */
    static String named(String lower) {
        return NAMES.getOrDefault(lower, OTHERS);
    }
}
